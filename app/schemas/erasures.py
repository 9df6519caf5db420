"""Erasing people, on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.shapes import Answer, Filled, Identifier, Named, Request, Time

RemainsName = Literal["keep", "remove"]


class WishErasure(Request):
    """What somebody wishes for when they are erased: everything they don't name here is kept without their name.

    `remove` are ideas that they wrote alone and whose content goes; their comments stay or go all together.
    """

    comments: RemainsName = "keep"
    remove: Annotated[list[Identifier], Field(max_length=1000)] = []


class RemovableIdea(Answer):
    """An idea that its author may have removed; `chosen` where they wish for it."""

    id: str
    title: str
    stage: str
    chosen: bool


class ErasureWish(Answer):
    """A person's own wish; `asked_at` is null where they have not asked to be erased."""

    asked_at: Time | None
    comments: RemainsName
    ideas: list[RemovableIdea]


class WishingPerson(Answer):
    """Somebody who asked to be erased, as admins see it: not for which ideas they wish what."""

    employee: Named
    active: bool
    asked_at: Time
    can: list[str]


class ErasePerson(Request):
    """Erasing somebody: why, and what becomes of their ideas.

    `as_chosen` follows what they chose themselves, and keeps all else; `remove` is for who asked for it in writing.
    """

    reason: Annotated[Filled, Field(min_length=20, max_length=2000)]
    ideas: Literal["as_chosen", "remove"] = "as_chosen"


class Erasure(Answer):
    """What erasing somebody did, or would do; only what stands there with a name is counted.

    `id` and `made_at` are null where nothing was done. `gone` and `nameless` are the tables whose rows go, and those
    whose rows stay without a name.
    """

    id: str | None
    made_at: Time | None
    ideas_kept: int
    ideas_removed: int
    comments_kept: int
    comments_removed: int
    gone: list[str]
    nameless: list[str]
