"""the full-text index over the stems of ideas, each engine's own."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SQLITE = (
    """CREATE VIRTUAL TABLE search_index USING fts5(title, body, tags,
    content='search_documents', content_rowid='number', tokenize='ascii')""",
    """CREATE TRIGGER search_documents_added AFTER INSERT ON search_documents BEGIN
    INSERT INTO search_index(rowid, title, body, tags) VALUES (new.number, new.title, new.body, new.tags); END""",
    """CREATE TRIGGER search_documents_removed AFTER DELETE ON search_documents BEGIN
    INSERT INTO search_index(search_index, rowid, title, body, tags)
    VALUES ('delete', old.number, old.title, old.body, old.tags); END""",
    """CREATE TRIGGER search_documents_changed AFTER UPDATE OF title, body, tags ON search_documents BEGIN
    INSERT INTO search_index(search_index, rowid, title, body, tags)
    VALUES ('delete', old.number, old.title, old.body, old.tags);
    INSERT INTO search_index(rowid, title, body, tags) VALUES (new.number, new.title, new.body, new.tags); END""",
    "INSERT INTO search_index(search_index) VALUES ('rebuild')",
)
_POSTGRESQL = (
    # Stems are single tokens already: no parser of the engine may cut them again.
    """ALTER TABLE search_documents ADD COLUMN document tsvector GENERATED ALWAYS AS (array_to_tsvector(
    array_remove(string_to_array(title || ' ' || body || ' ' || tags, ' '), ''))) STORED""",
    "CREATE INDEX ix_search_documents_document ON search_documents USING gin (document)",
)


def upgrade() -> None:
    """Bring the schema up."""
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take the schema down."""
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("added", "removed", "changed"):
            op.execute(f"DROP TRIGGER search_documents_{trigger}")
        op.execute("DROP TABLE search_index")
    else:
        op.execute("ALTER TABLE search_documents DROP COLUMN document")
