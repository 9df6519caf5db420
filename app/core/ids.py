"""Opaque public identifiers: random, so that they tell neither time nor order."""

import base64
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

LENGTH = 24
"""Characters of an identifier: 120 random bits in base32, without padding."""

_SHAPE = re.compile(rf"[a-z2-7]{{{LENGTH}}}")
_source: Callable[[int], bytes] = secrets.token_bytes


def new() -> str:
    """Return a fresh identifier of 24 lowercase base32 characters (120 random bits)."""
    return base64.b32encode(_source(15)).decode("ascii").lower()


def is_valid(text: str) -> bool:
    """Tell whether a text has the shape of an identifier; nothing else reaches the database."""
    return _SHAPE.fullmatch(text) is not None


@contextmanager
def drawn_from(random: Random) -> Iterator[None]:
    """Draw identifiers from a seeded source, so that a demo world can be built twice alike.

    Never used where people work: such identifiers can be guessed.
    """
    global _source  # noqa: PLW0603  the one switch between real and repeatable identifiers
    before, _source = _source, random.randbytes
    try:
        yield
    finally:
        _source = before
