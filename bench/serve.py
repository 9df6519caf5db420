"""Serves the floor: `python -m bench.serve PORT PEOPLE`, the same server with the same options as `ideabox serve`."""

import sys
from pathlib import Path

import uvicorn
import uvloop

from app.core import config
from bench.floor import Floor, read_people
from bench.stores import Postgres, Sqlite


async def main(port: int, people: dict[str, str]) -> None:
    """Serve until told to stop; the database is the one of `IDEABOX_DATABASE_URL`."""
    settings = config.load()
    store: Postgres | Sqlite
    if settings.on_sqlite:
        store = Sqlite(settings.sqlite_path)
    else:
        store = await Postgres.open(
            settings.database_url, settings.read_connections + settings.write_connections
        )
    app = Floor(store, people)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            port=port,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=30,
            backlog=2048,
        )
    )
    await server.serve()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), read_people(Path(sys.argv[2]).read_text())))
