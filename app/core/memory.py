"""What a process keeps of the memory that it no longer uses (glibc; elsewhere all of this does nothing)."""

import ctypes
from collections.abc import Callable
from contextlib import suppress

_ARENA_MAX = -8
"""M_ARENA_MAX of mallopt(3)."""


def _find(name: str) -> Callable[..., int]:
    with suppress(OSError, AttributeError):
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
        return found
    return lambda *_: 0


_mallopt = _find("mallopt")
_malloc_trim = _find("malloc_trim")


def settle() -> None:
    """Have all threads take their memory from one place, out of which it can be given back; before the first thread.

    By default each thread gets a place of its own, which keeps the most that it ever used at once: of a
    thread that hashes passwords, 19 MiB.
    """
    _mallopt(_ARENA_MAX, 1)


def give_back() -> None:
    """Give free memory back to the system; some milliseconds, in which other threads wait for new memory."""
    _malloc_trim(0)
