"""Events: each has a dotted name of its own and says what it is about."""

import re

import pytest

from app.domain import events
from app.domain.happenings import Happening


def test_all_events_are_listed_in_the_order_of_their_names() -> None:
    kinds = [happening.kind for happening in events.list_kinds()]
    assert kinds == sorted(set(kinds))
    assert {events.IdeaSubmitted, events.VoteCast, events.RoleGranted} < set(events.list_kinds())


@pytest.mark.parametrize("happening", events.list_kinds(), ids=lambda happening: happening.kind)
def test_an_event_has_a_dotted_name_and_tells_its_subject(happening: type[Happening]) -> None:
    assert re.fullmatch(r"[a-z-]+\.[a-z-]+", happening.kind)
    assert "Subject: " in (happening.__doc__ or "")
    assert happening("subject").payload == {}
