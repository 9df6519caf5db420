"""The revisions of the schema, as their files name them: a server needs no more of the migration chain."""

import re
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "alembic"
_NAMED = re.compile(r'^(down_)?revision(?:: [^=]+)? = "(\w+)"$', re.MULTILINE)


def find_head(scripts: Path = SCRIPTS) -> str:
    """Return the revision that this code needs: the one that no other follows.

    Raises: RuntimeError when there is none, or more than one.
    """
    named: set[str] = set()
    followed: set[str] = set()
    for file in (scripts / "versions").glob("*.py"):
        for down, revision in _NAMED.findall(file.read_text(encoding="utf-8")):
            (followed if down else named).add(revision)
    heads = named - followed
    if len(heads) != 1:
        message = f"{len(heads)} revisions under {scripts} have none after them, instead of one"
        raise RuntimeError(message)
    return heads.pop()
