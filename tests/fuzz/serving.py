"""A real server for a while: the application behind uvicorn in a thread, on a free port of this machine."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

_PATIENCE = 20.0


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application; gives its base URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, loop="asyncio", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        end = time.monotonic() + _PATIENCE
        while not server.started and thread.is_alive() and time.monotonic() < end:
            thread.join(0.01)
        assert server.started, "The server did not start."
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_PATIENCE)
