"""The environment in which migrations run."""

from functools import partial

from alembic import context
from sqlalchemy import Connection
from sqlmodel.sql.sqltypes import AutoString

from app.core import config as settings_of
from app.core import migrations
from app.core.types import UtcDateTime
from app.models import metadata


def _render(kind: str, item: object, _context: object) -> str | bool:
    if kind == "type" and isinstance(item, UtcDateTime):
        return "UtcDateTime()"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=partial(migrations.is_compared, connection.dialect.name),
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _migrate(given)
else:
    with migrations.engine_for(settings_of.load()).begin() as opened:
        _migrate(opened)
