"""Common passwords, one a line in `blocklist.txt`."""

from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("blocklist.txt")


@cache
def common_passwords() -> frozenset[str]:
    """Return the common passwords: lower case, without accents, four characters or more."""
    lines = (line.strip() for line in _FILE.read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))
