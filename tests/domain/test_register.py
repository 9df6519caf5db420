"""What enters the register, and that every change of it shows."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain import register
from app.domain.chains import GENESIS, Verdict, commit
from app.domain.events import LinkIssued, RoleGranted, VoteCast
from app.domain.register import Detail, Entry, Kind
from app.domain.rights_events import WordsChanged


@dataclass
class Row:
    position: int
    previous: str
    text: str | None
    at: datetime = datetime(2026, 1, 5, tzinfo=UTC)
    kind: str = "roles"
    act: str = "roles.granted"
    subject: str = "grant"
    actor_ref: str | None = "actor"
    about_ref: str | None = "about"
    facts: dict[str, Any] = field(default_factory=dict)
    salt: str | None = "salt"
    commitment: str = ""
    hash: str = ""


def make_chain(length: int = 4) -> list[Row]:
    chain: list[Row] = []
    for position in range(1, length + 1):
        row = Row(position, chain[-1].hash if chain else GENESIS, f"text {position}")
        row.commitment = commit(row.text, row.salt or "")
        row.hash = register.seal(row)
        chain.append(row)
    return chain


def test_a_whole_register_holds_also_without_its_texts() -> None:
    chain = make_chain()
    assert register.verify(chain, head=chain[-1].hash, length=4) == Verdict(True, 4, chain[-1].hash)
    chain[1].text = chain[1].salt = None
    assert register.verify(chain, head=chain[-1].hash, length=4).valid


@pytest.mark.parametrize(
    "change",
    [
        {"act": "roles.ended"},
        {"kind": "rules"},
        {"subject": "another"},
        {"at": datetime(2026, 1, 5, tzinfo=UTC) + timedelta(microseconds=1)},
        {"actor_ref": None},
        {"about_ref": "another"},
        {"facts": {"role": "admin"}},
        {"text": "another"},
        {"commitment": "another"},
        {"position": 9},
    ],
)
def test_a_changed_entry_shows(change: dict[str, Any]) -> None:
    chain = make_chain()
    for name, value in change.items():
        setattr(chain[2], name, value)
    verdict = register.verify(chain, head=chain[-1].hash, length=4)
    assert not verdict.valid
    assert verdict.broken_at == 3


def test_a_cut_tail_and_a_missing_entry_show() -> None:
    chain = make_chain()
    head = chain[-1].hash
    assert register.verify(chain[:3], head=head, length=4).broken_at == 4
    assert register.verify([*chain[:1], *chain[2:]], head=head, length=4).broken_at == 2
    assert not register.verify([], head=head, length=4).valid


def test_people_stand_apart_from_the_facts() -> None:
    granted = register.find_entry(RoleGranted("grant", {"role": "hr", "employee": "eve"}), "adam")
    assert granted == Entry("roles.granted", "grant", "adam", "eve", facts={"role": "hr"})
    issued = register.find_entry(LinkIssued("eve", {"purpose": "reset"}), "adam")
    assert issued == Entry("links.issued", "", "adam", "eve", facts={"purpose": "reset"})
    assert register.find_entry(VoteCast("vote"), None) is None


def test_facts_have_one_spelling() -> None:
    written = register.write_facts(
        {"rate": 0.1, "amount": Decimal("1.50"), "day": date(2026, 1, 5), "all": {"x": (1, None, True)}}
    )
    assert written == {"rate": "0.1", "amount": "1.50", "day": "2026-01-05", "all": {"x": [1, None, True]}}
    with pytest.raises(TypeError):
        register.write_facts({"what": object()})


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"days": 5, "warn": 1}, {"days": 4, "warn": 1}, {"before": {"days": 5}, "after": {"days": 4}}),
        ({}, {"cost": 10, "stock": None}, {"after": {"cost": 10}}),
        ({"cost": 10}, {}, {"before": {"cost": 10}}),
        ({"stock": None}, {"stock": 0}, {"before": {"stock": None}, "after": {"stock": 0}}),
        ({"days": 5}, {"days": 5}, {}),
    ],
)
def test_a_change_is_what_differs(before: Any, after: Any, told: Any) -> None:
    assert register.compare(before, after) == told


def test_a_detail_stands_beside_the_payload_of_an_event() -> None:
    detail = Detail({"before": {"words": 2}}, "+ merde")
    entered = register.find_entry(WordsChanged("fr", {"words": 3}), "mia", detail)
    assert entered == Entry(
        "moderation.words-changed", "fr", "mia", text="+ merde", facts={"words": 3, "before": {"words": 2}}
    )


def test_a_moment_has_one_spelling_whatever_the_clock() -> None:
    paris = datetime(2026, 1, 5, 10, tzinfo=ZoneInfo("Europe/Paris"))
    assert register.write_facts({"at": paris}) == {"at": "2026-01-05T09:00:00+00:00"}


def test_every_act_has_a_kind() -> None:
    assert register.get_kind("roles.granted") is Kind.ROLES
    assert all(register.get_kind(act) for act in register.ENTERED)
    assert set(register.KINDS.values()) == set(Kind)
    with pytest.raises(KeyError):
        register.get_kind("votes.cast")
