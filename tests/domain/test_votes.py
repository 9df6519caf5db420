"""One person, one vote per idea, not on one's own, as long as votes are taken."""

from dataclasses import dataclass

import pytest

from app.domain import votes
from app.domain.pipeline import Stage
from app.domain.votes import OwnIdea, VotingClosed

NOT_TAKEN = {"draft", "declined", "withdrawn", "merged"}


@dataclass
class Somewhere:
    stage: str


@pytest.mark.parametrize("stage", [stage.value for stage in Stage])
def test_votes_are_taken_while_an_idea_is_alive(stage: str) -> None:
    idea = Somewhere(stage)
    assert votes.may_vote(idea, is_author=False) is (stage not in NOT_TAKEN)
    if stage in NOT_TAKEN:
        with pytest.raises(VotingClosed):
            votes.check_may_vote(idea, is_author=False)
    else:
        votes.check_may_vote(idea, is_author=False)


@pytest.mark.parametrize("stage", [stage.value for stage in Stage])
def test_nobody_votes_on_an_idea_of_their_own(stage: str) -> None:
    idea = Somewhere(stage)
    assert not votes.may_vote(idea, is_author=True)
    with pytest.raises(OwnIdea):
        votes.check_may_vote(idea, is_author=True)
