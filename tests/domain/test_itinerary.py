"""The chain: every change shows, and erasing a text does not break it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from app.domain.chains import GENESIS, Verdict, commit
from app.domain.itinerary import seal, verify


@dataclass
class Entry:
    position: int
    previous: str
    text: str | None
    idea_id: str = "idea"
    at: datetime = datetime(2026, 1, 5, tzinfo=UTC)
    act: str = "submit"
    actor_ref: str | None = "actor"
    holder_ref: str | None = "holder"
    from_stage: str = "draft"
    to_stage: str = "submitted"
    function_id: str | None = None
    reason_code: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    salt: str | None = "salt"
    commitment: str = ""
    hash: str = ""


def make_chain(length: int = 4) -> list[Entry]:
    chain: list[Entry] = []
    for position in range(1, length + 1):
        entry = Entry(position, chain[-1].hash if chain else GENESIS, f"text {position}")
        entry.commitment = commit(entry.text, entry.salt or "")
        entry.hash = seal(entry)
        chain.append(entry)
    return chain


def test_a_whole_chain_holds() -> None:
    chain = make_chain()
    assert verify(chain, head=chain[-1].hash, length=4) == Verdict(True, 4, chain[-1].hash)


def test_an_erased_text_leaves_the_chain_whole() -> None:
    chain = make_chain()
    chain[1].text = chain[1].salt = None
    assert verify(chain, head=chain[-1].hash, length=4).valid


@pytest.mark.parametrize(
    "change",
    [
        {"act": "decline"},
        {"to_stage": "declined"},
        {"at": datetime(2026, 1, 5, tzinfo=UTC) + timedelta(microseconds=1)},
        {"actor_ref": None},
        {"holder_ref": "another"},
        {"reason_code": "cost"},
        {"function_id": "finance"},
        {"facts": {"amount": 1}},
        {"text": "another text"},
        {"salt": "another salt"},
        {"idea_id": "another idea"},
        {"from_stage": "evaluation"},
        {"previous": "0" * 64},
        {"hash": "0" * 64},
        {"commitment": "0" * 64},
        {"position": 7},
    ],
)
def test_any_change_shows_at_its_entry(change: dict[str, Any]) -> None:
    chain = make_chain()
    head = chain[-1].hash
    chain[2] = replace(chain[2], **change)
    assert verify(chain, head=head, length=4) == Verdict(False, 3, chain[1].hash, broken_at=3)


def test_a_resealed_entry_shows_at_the_next_one() -> None:
    chain = make_chain()
    head = chain[-1].hash
    chain[1].act = "decline"
    chain[1].hash = seal(chain[1])
    assert verify(chain, head=head, length=4).broken_at == 3


def test_a_cut_tail_and_a_missing_chain_show() -> None:
    chain = make_chain()
    assert not verify(chain[:3], head=chain[-1].hash, length=4).valid
    assert not verify([], head=chain[-1].hash, length=4).valid
    assert verify([], head=GENESIS, length=0).valid


def test_where_the_tail_is_cut_is_told() -> None:
    chain = make_chain()
    head = chain[-1].hash
    assert verify(chain[:3], head=head, length=4) == Verdict(False, 3, chain[2].hash, broken_at=4)
    assert verify(chain, head=head, length=5) == Verdict(False, 4, head, broken_at=5)
    assert verify(chain, head=chain[2].hash, length=4) == Verdict(False, 4, head, broken_at=5)


def test_a_chain_that_was_written_long_ago_still_holds() -> None:
    """What was sealed once is verified for ever: how an entry is written down never changes."""
    (entry,) = make_chain(1)
    entry.facts = {"place": "Évry", "amount": 1}
    assert entry.commitment == "40a8955e1bfdbb26d789dfd465ccd6cc89b1cd0feabbb5508ead6be587beeb7e"
    assert (
        commit(None, "salt")
        == commit("", "salt")
        == "06a4b397fc7045eac527c2aec3ff46cee5ce30016c760f238c26e79902fe67b6"
    )
    assert seal(entry) == "1d2ee3ae7c42ce419ea966315939da35204916f64f7ef5b564d1903a0cdb0ae7"


def test_the_same_moment_in_another_time_zone_is_the_same_entry() -> None:
    (entry,) = make_chain(1)
    entry.at = entry.at.astimezone(timezone(timedelta(hours=2)))
    assert seal(entry) == entry.hash
