"""What people are told by default, and what they may choose."""

import pytest

from app.domain import preferences
from app.domain.notifications import CATALOGUE, URGENT, Kind
from app.domain.preferences import Channel, NoDigestThere, Timing, UnknownZone


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("channel", list(Channel))
def test_only_what_cannot_wait_comes_at_once_by_default(kind: Kind, channel: Channel) -> None:
    timing = preferences.get_timing(kind, channel, {})
    entry = CATALOGUE[kind]
    assert (timing is Timing.AT_ONCE) == (entry.asks or entry.at_once)
    assert (timing is Timing.DIGEST) == (not (entry.asks or entry.at_once) and channel is Channel.EMAIL)
    chosen = preferences.get_timing(kind, channel, {(kind, channel): "never"})
    urgent = kind in URGENT and channel is Channel.EMAIL
    assert chosen is (Timing.AT_ONCE if urgent else Timing.NEVER)


def test_a_browser_has_no_digest() -> None:
    with pytest.raises(NoDigestThere):
        preferences.check_choice(Channel.PUSH, Timing.DIGEST, "/x")
    preferences.check_choice(Channel.SLACK, Timing.DIGEST, "/x")


@pytest.mark.parametrize("name", ["", "Mars", "../x", "/x", "a\0b"])
def test_zones_are_those_of_the_world(name: str) -> None:
    if name:
        with pytest.raises(UnknownZone):
            preferences.check_zone(name)
    preferences.check_zone(None)
    preferences.check_zone("Europe/Paris")
