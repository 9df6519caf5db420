"""Who decides on an award, and what is shown of that: every combination of state and stance."""

from dataclasses import dataclass
from datetime import datetime
from itertools import product

import pytest

from app.domain import awards
from app.domain.actors import Actor
from app.domain.awards import (
    OPEN,
    AlreadyDecided,
    AwardState,
    NotGranted,
    NotTheRecipient,
    NotYoursToGive,
    SecondPersonNeeded,
    Stance,
    TooCloseToGive,
)
from app.domain.errors import Refusal

ACTOR = Actor("actor")


@dataclass
class Award:
    state: str = "waiting"
    proposed_by_id: str = "claimant"
    first_id: str | None = None
    received_at: datetime | None = None


@pytest.mark.parametrize(
    ("award", "stance", "refusal"),
    [
        (Award(), Stance(decides=True), None),
        (Award("proposed", first_id="other"), Stance(decides=True), None),
        (Award(), Stance(), NotYoursToGive),
        (Award(), Stance(seated=True), NotYoursToGive),
        (Award(), Stance(decides=True, conflicted=True), TooCloseToGive),
        (Award(), Stance(conflicted=True), NotYoursToGive),
        (Award("proposed", first_id="actor"), Stance(decides=True), SecondPersonNeeded),
        (Award(proposed_by_id="actor"), Stance(decides=True), SecondPersonNeeded),
        (Award("granted"), Stance(decides=True), AlreadyDecided),
        (Award("refused"), Stance(decides=True), AlreadyDecided),
        (Award("withdrawn"), Stance(decides=True), AlreadyDecided),
        (Award("granted"), Stance(decides=True, conflicted=True), TooCloseToGive),
        (Award(), Stance(anonymous=True, seated=True), None),
        (Award(), Stance(anonymous=True, seated=True, decides=True), None),
    ],
)
def test_a_yes_is_had_of_whose_hand_it_is(
    award: Award, stance: Stance, refusal: type[Refusal] | None
) -> None:
    assert ("approve" in awards.list_abilities(ACTOR, award, stance)) is (refusal is None)
    if refusal is None:
        awards.check_may_approve(ACTOR, award, stance)
    else:
        with pytest.raises(refusal):
            awards.check_may_approve(ACTOR, award, stance)


@pytest.mark.parametrize("state", list(AwardState))
def test_on_an_anonymous_idea_all_who_were_not_drawn_are_answered_alike(state: AwardState) -> None:
    """Conflicted or not, with a role or not, drawn once and too close now: nothing tells one from another."""
    heard = set()
    for decides, conflicted, seated in product((False, True), repeat=3):
        if seated and not conflicted:
            continue
        stance = Stance(anonymous=True, decides=decides, conflicted=conflicted, seated=seated)
        award = Award(state)
        assert awards.list_abilities(ACTOR, award, stance) == []
        for check, given in (
            (awards.check_may_approve, (ACTOR, award, stance)),
            (awards.check_may_refuse, (award, stance)),
        ):
            with pytest.raises(Refusal) as refused:
                check(*given)
            heard.add((refused.value.code, refused.value.detail))
    assert heard == {(NotYoursToGive.code, NotYoursToGive.__doc__)}


@pytest.mark.parametrize("state", list(AwardState))
@pytest.mark.parametrize("own", [True, False])
def test_only_who_asked_takes_it_back_while_it_is_open(state: AwardState, own: bool) -> None:
    award = Award(state, proposed_by_id="actor" if own else "claimant")
    able = own and state in OPEN
    assert ("withdraw" in awards.list_abilities(ACTOR, award, Stance())) is able
    if able:
        awards.check_may_withdraw(ACTOR, award)
        return
    with pytest.raises(AlreadyDecided if own else NotYoursToGive):
        awards.check_may_withdraw(ACTOR, award)


def test_consent_and_receipt_are_the_recipients_own() -> None:
    granted = Award("granted")
    assert awards.list_abilities(ACTOR, granted, Stance(receives=True)) == ["consent", "confirm_receipt"]
    anonymous = Stance(anonymous=True, receives=True)
    assert awards.list_abilities(ACTOR, granted, anonymous) == ["confirm_receipt"]
    awards.check_received(granted, anonymous)
    with pytest.raises(NotTheRecipient):
        awards.check_received(granted, Stance(decides=True))
    with pytest.raises(NotGranted):
        awards.check_received(Award(), Stance(receives=True))
