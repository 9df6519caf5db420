"""Both servers give the same answers: looked at field by field before anything is timed."""

from collections.abc import Iterator
from typing import Any

import msgspec

from bench import client, routes
from bench.asks import Ask
from bench.scene import Scene

_FRESH = {"id", "idea", "created_at"}
"""What differs in two comments that were just written on two ideas."""


class Different(Exception):
    """The floor answers otherwise than Ideabox; what is timed would not be the same."""


async def check(scene: Scene) -> int:
    """Compare answers of the floor with ours; returns how many were compared.

    Raises: Different.
    """
    compared = 0
    for ask in _list_reads(scene):
        ours, floor = [
            msgspec.json.decode((await client.fetch(server.port, ask)).body)
            for server in (scene.ours, scene.floor)
        ]
        _compare(f"{ask.path}?{ask.query}", ours, floor)
        compared += 1
    for (one, other), fresh in zip(_list_writes(scene), ({"votes"}, _FRESH), strict=True):
        ours = msgspec.json.decode((await client.fetch(scene.ours.port, one)).body)
        floor = msgspec.json.decode((await client.fetch(scene.floor.port, other)).body)
        _compare(one.path, *({**answer, **dict.fromkeys(fresh)} for answer in (ours, floor)))
        compared += 1
    return compared


def _list_reads(scene: Scene) -> Iterator[Ask]:
    for reader in scene.ground.readers[:32]:
        yield routes.ask_feed(reader)
    reader = scene.ground.readers[0]
    for idea_id in scene.ground.discussed[:20]:
        yield routes.ask_idea(reader, idea_id)
        yield routes.ask_comments(reader, idea_id)
    for word in (*scene.facts.common[:4], *scene.facts.medium[:4], *scene.facts.rare[:4]):
        yield routes.ask_search(reader, word)


def _list_writes(scene: Scene) -> Iterator[tuple[Ask, Ask]]:
    one, other = list(scene.pairs.take(1)[0])[:2]
    yield one, other
    reader, ideas = scene.ground.readers[0], scene.ground.votable
    yield routes.ask_comment(reader, ideas[0]), routes.ask_comment(reader, ideas[1])


def _compare(what: str, ours: Any, floor: Any) -> None:
    if isinstance(ours, dict) and isinstance(floor, dict):
        if ours.keys() != floor.keys():
            raise Different(f"{what}: {sorted(ours.keys() ^ floor.keys())} in one only")
        for key in ours:
            _compare(f"{what} {key}", ours[key], floor[key])
    elif isinstance(ours, list) and isinstance(floor, list):
        if len(ours) != len(floor):
            raise Different(f"{what}: {len(ours)} and {len(floor)} items")
        for number, (one, other) in enumerate(zip(ours, floor, strict=True)):
            _compare(f"{what} {number}", one, other)
    elif what.endswith("next_cursor"):
        # Ours is signed; what counts is that there is a next page.
        if (ours is None) != (floor is None):
            raise Different(f"{what}: {ours!r} and {floor!r}")
    elif ours != floor:
        raise Different(f"{what}: {ours!r} and {floor!r}")
