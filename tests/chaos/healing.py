"""Seeing that an installation is whole again: how long until a write succeeds, noted in the journal as any other."""

import asyncio
import time
from collections.abc import Sequence

from tests.chaos import acts
from tests.chaos.people import World
from tests.chaos.writers import Writer

_BETWEEN = 0.1


def choose_voter(writers: Sequence[Writer], world: World) -> Writer:
    """Return somebody who writes nothing on their own."""
    at_it = [writer.hand.person for writer in writers]
    return writers[0].beside(next(person for person in world.people if person not in at_it))


async def heal(voter: Writer, within: float) -> float:
    """Return the seconds until a vote is answered without a 5xx, `within` when none is."""
    begin = time.monotonic()
    while time.monotonic() - begin < within:
        write = acts.vote(voter.hand)
        await voter.send(write)
        if write.status is not None and write.status < 500:
            return time.monotonic() - begin
        await asyncio.sleep(_BETWEEN)
    return within
