"""Whose hand an act needs, and the one answer that everybody else gets."""

from dataclasses import dataclass
from itertools import product

import pytest

from app.domain import decisions
from app.domain.actors import Actor, Grant
from app.domain.decisions import Conflicted, NotYoursToDecide
from app.domain.pipeline import By
from app.domain.roles import Role

HOLDER = Actor("holder", grants=(Grant(Role.CORRESPONDENT, function_id="finance"),))
PEOPLE = {
    "holder": HOLDER,
    "manager of innovation": Actor("one", grants=(Grant(Role.INNOVATION_MANAGER),)),
    "sponsor of the campaign": Actor("two", grants=(Grant(Role.SPONSOR, campaign_id="spring"),)),
    "sponsor elsewhere": Actor("three", grants=(Grant(Role.SPONSOR, campaign_id="autumn"),)),
    "other correspondent": Actor("four", grants=(Grant(Role.CORRESPONDENT, function_id="it"),)),
    "admin": Actor("five", grants=(Grant(Role.ADMIN),)),
    "employee": Actor("six"),
}
COMMITTEE = {"manager of innovation", "sponsor of the campaign"}
HANDS = {
    By.HOLDER: {"holder"},
    By.COMMITTEE: {"holder"} | COMMITTEE,
    By.SEAT: COMMITTEE,
    By.REVIEWERS: {"holder", "other correspondent"} | COMMITTEE,
}


@dataclass
class Idea:
    anonymous: bool = False
    holder_id: str | None = "holder"
    function_id: str | None = "finance"
    campaign_id: str = "spring"


def may(who: str, idea: Idea, by: By, *, is_author: bool = False, conflicted: bool = False) -> bool:
    return decisions.may_act(PEOPLE[who], idea, by, is_author=is_author, conflicted=conflicted)


@pytest.mark.parametrize("who", PEOPLE)
def test_the_committee_are_innovation_managers_and_sponsors_of_the_campaign(who: str) -> None:
    assert decisions.is_committee(PEOPLE[who], Idea()) is (who in COMMITTEE)


@pytest.mark.parametrize(("by", "who"), list(product(HANDS, PEOPLE)))
def test_an_act_is_in_the_hands_that_the_table_says(by: By, who: str) -> None:
    assert may(who, Idea(), by) is (who in HANDS[by])
    if who in HANDS[by]:
        decisions.check_hand(PEOPLE[who], Idea(), by, is_author=False, conflicted=False)
    else:
        with pytest.raises(NotYoursToDecide):
            decisions.check_hand(PEOPLE[who], Idea(), by, is_author=False, conflicted=False)


@pytest.mark.parametrize(("by", "who"), list(product(HANDS, PEOPLE)))
def test_an_anonymous_idea_is_in_one_hand(by: By, who: str) -> None:
    assert may(who, Idea(anonymous=True), by) is (who == "holder")


@pytest.mark.parametrize(("by", "who"), list(product(HANDS, PEOPLE)))
def test_who_is_too_close_never_acts_and_is_told_so_unless_that_would_tell_the_line(by: By, who: str) -> None:
    assert not may(who, Idea(), by, conflicted=True)
    with pytest.raises(Conflicted):
        decisions.check_hand(PEOPLE[who], Idea(), by, is_author=False, conflicted=True)
    with pytest.raises(NotYoursToDecide):
        decisions.check_hand(PEOPLE[who], Idea(anonymous=True), by, is_author=False, conflicted=True)


@pytest.mark.parametrize(
    ("who", "anonymous", "conflicted"), list(product(PEOPLE, (False, True), (False, True)))
)
def test_what_is_the_authors_is_nobody_elses(who: str, anonymous: bool, conflicted: bool) -> None:
    idea = Idea(anonymous=anonymous)
    assert may(who, idea, By.AUTHOR, is_author=True, conflicted=conflicted)
    assert not may(who, idea, By.AUTHOR, is_author=False, conflicted=conflicted)
    with pytest.raises(NotYoursToDecide):
        decisions.check_hand(PEOPLE[who], idea, By.AUTHOR, is_author=False, conflicted=conflicted)


@pytest.mark.parametrize("by", HANDS)
def test_an_idea_without_holder_is_in_nobodys_hand_by_holding(by: By) -> None:
    assert may("holder", Idea(holder_id=None), by) is (by is By.REVIEWERS)
    assert not may("employee", Idea(holder_id=None), by)
