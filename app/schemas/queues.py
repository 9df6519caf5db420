"""Queues on the wire: what waits, by function and by who answers."""

from app.schemas.shapes import Answer, Named, Time


class PersonQueue(Answer):
    """What waits in one person's hands; a person of null is nobody: nobody may hold these ideas.

    `capacity` is how many they take, null for any number; `forecast` in how many working days one more idea
    would be answered, null where that is unknown.
    """

    person: Named | None
    open: int
    late: int
    paused: int
    oldest_since: Time | None
    capacity: int | None
    absent: bool
    forecast: int | None


class Queue(Answer):
    """What waits in a function, or with the committee where `function` is null."""

    function: Named | None
    open: int
    late: int
    paused: int
    oldest_since: Time | None
    oldest_days: int | None
    forecast: int | None
    people: list[PersonQueue]
