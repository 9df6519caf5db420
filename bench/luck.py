"""Chance from a seed: identifiers by the million, and numbers spread as unevenly as in life."""

from collections.abc import Iterator
from random import Random

from app.core import ids

_BLOCK = 8192
# The five low bits of a byte choose a letter, so that a block of bytes becomes identifiers in two steps.
_LETTERS = bytes(b"abcdefghijklmnopqrstuvwxyz234567"[byte & 31] for byte in range(256))
_TURNS = 4


def stream_ids(random: Random) -> Iterator[str]:
    """Yield identifiers of the shape of `core.ids`, without end."""
    while True:
        block = random.randbytes(ids.LENGTH * _BLOCK).translate(_LETTERS).decode("ascii")
        for start in range(0, len(block), ids.LENGTH):
            yield block[start : start + ids.LENGTH]


def spread(total: int, count: int, *, most: int, steepness: float, random: Random) -> list[int]:
    """Return `count` numbers from 0 to `most` that follow Zipf's law and add up to about `total`, shuffled."""
    weights = [rank**-steepness for rank in range(1, count + 1)]
    numbers: list[int] = []
    share = total / sum(weights)
    for _ in range(_TURNS):
        # What the cap takes from the first ones goes to the others.
        numbers = [min(most, int(share * weight + 0.5)) for weight in weights]
        share *= total / max(1, sum(numbers))
    random.shuffle(numbers)
    return numbers


def pick_distinct(count: int, among: int, random: Random) -> Iterator[int]:
    """Yield `count` different numbers below `among`, a power of ten or twice one, in no visible order."""
    step = random.randrange(among) | 1
    while step % 5 == 0:
        step += 2
    place = random.randrange(among)
    for _ in range(count):
        yield place
        place = (place + step) % among
