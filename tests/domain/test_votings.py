"""The rules on votings: who changes them when, what a ballot finds, what is left."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import votings
from app.domain.actors import Actor, Grant
from app.domain.errors import Conflict
from app.domain.roles import Role
from app.domain.votes import NoTokenLeft, VotingNotRunning
from app.domain.votings import AlwaysFree, Counting, Rule, Terms, VotingBegun, VotingOver

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
END = datetime(2026, 4, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@dataclass
class Campaign:
    permanent: bool = False


@pytest.mark.parametrize(
    ("rule", "counting"),
    [
        (Rule(), Counting.FREE),
        (Rule(tokens=3), Counting.BOUND),
        (Rule(hidden=True), Counting.SEALED),
        (Rule(tokens=3, hidden=True), Counting.SEALED),
    ],
)
def test_how_votes_are_counted_follows_from_the_rule(rule: Rule, counting: Counting) -> None:
    assert rule.counting is counting
    assert rule.free is (counting is Counting.FREE)


@pytest.mark.parametrize(
    ("terms", "moment", "runs"),
    [
        (Terms(Rule(tokens=1), BEGIN, END), BEGIN, True),
        (Terms(Rule(tokens=1), BEGIN, END), BEGIN - MOMENT, False),
        (Terms(Rule(tokens=1), BEGIN, END), END - MOMENT, True),
        (Terms(Rule(tokens=1), BEGIN, END), END, False),
        (Terms(Rule(hidden=True), BEGIN, END), END, False),
        (Terms(Rule(hidden=True), BEGIN, END, closed_at=END), BEGIN, False),
        (Terms(Rule(), BEGIN, END), END, True),
        (Terms(Rule(), BEGIN, None), BEGIN - MOMENT, True),
    ],
)
def test_votes_are_taken_from_the_beginning_until_just_before_the_end(
    terms: Terms, moment: datetime, runs: bool
) -> None:
    assert terms.run_at(moment) is runs
    refusal = votings.find_refusal(terms, adds=True, used=0, now=moment)
    assert (refusal is None) is runs
    assert refusal is None or isinstance(refusal, VotingNotRunning)


@given(tokens=st.integers(1, 100), wishes=st.lists(st.booleans(), max_size=200))
def test_no_more_tokens_are_used_than_there_are(tokens: int, wishes: list[bool]) -> None:
    terms, used = Terms(Rule(tokens=tokens), BEGIN, END), 0
    for casts in wishes:
        refusal = votings.find_refusal(terms, adds=casts, used=used, now=BEGIN)
        assert (refusal is not None) is (casts and used == tokens)
        assert refusal is None or isinstance(refusal, NoTokenLeft)
        if refusal is None:
            used = max(0, used + (1 if casts else -1))
        assert votings.count_left(terms.rule, used) == tokens - used
    assert votings.count_left(Rule(hidden=True), used) is None
    assert votings.count_left(terms.rule, tokens + 1) == 0


@pytest.mark.parametrize(
    ("campaign", "terms", "begun", "now", "refusal"),
    [
        (Campaign(), Terms(Rule(), BEGIN, END), False, BEGIN, None),
        (Campaign(), Terms(Rule(), BEGIN, END), False, BEGIN - MOMENT, None),
        (Campaign(), Terms(Rule(), BEGIN, END), True, BEGIN, VotingBegun),
        (Campaign(), Terms(Rule(), BEGIN, END), False, END, VotingOver),
        (Campaign(), Terms(Rule(), BEGIN, END), True, END, VotingOver),
        (Campaign(), Terms(Rule(tokens=1), BEGIN, END, closed_at=BEGIN), False, BEGIN, VotingOver),
        (Campaign(), Terms(Rule(), BEGIN, None), False, BEGIN, AlwaysFree),
        (Campaign(permanent=True), Terms(Rule(), BEGIN, END), False, BEGIN, AlwaysFree),
    ],
)
def test_the_rule_changes_before_the_first_vote(
    campaign: Campaign, terms: Terms, begun: bool, now: datetime, refusal: type[Conflict] | None
) -> None:
    assert votings.may_change(campaign, terms, begun=begun, now=now) is (refusal is None)
    if refusal is not None:
        with pytest.raises(refusal):
            votings.check_may_change(campaign, terms, begun=begun, now=now)


@pytest.mark.parametrize(
    ("grants", "manages"),
    [
        ((), False),
        ((Grant(Role.COMMUNITY_MANAGER),), True),
        ((Grant(Role.INNOVATION_MANAGER),), True),
        ((Grant(Role.COMMUNITY_MANAGER, campaign_id="spring"),), True),
        ((Grant(Role.COMMUNITY_MANAGER, campaign_id="autumn"),), False),
        ((Grant(Role.SPONSOR, campaign_id="spring"), Grant(Role.ADMIN)), False),
    ],
)
def test_community_and_innovation_managers_set_it(grants: tuple[Grant, ...], manages: bool) -> None:
    assert votings.manages(Actor("who", grants=grants), "spring") is manages
