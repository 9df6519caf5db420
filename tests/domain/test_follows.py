"""What others may know of follows: whole fives of other people, and of a person nothing."""

import pytest

from app.domain import follows
from app.domain.follows import MOST, Followed, FollowingOneself, TooManyFollows


@pytest.mark.parametrize(
    ("others", "told"), [(0, None), (1, None), (4, None), (5, 5), (9, 5), (10, 10), (123, 120)]
)
def test_followers_are_told_in_whole_fives(others: int, told: int | None) -> None:
    assert follows.tell_followers(Followed.IDEA, others) == told
    assert follows.tell_followers(Followed.EMPLOYEE, others) is None


def test_one_more_or_less_is_seen_at_fives_only() -> None:
    seen = [follows.tell_followers(Followed.CAMPAIGN, number) for number in range(50)]
    changes = [number for number in range(1, 50) if seen[number] != seen[number - 1]]
    assert changes == list(range(5, 50, 5))


def test_nobody_follows_themselves() -> None:
    follows.check_other("a", "b")
    with pytest.raises(FollowingOneself):
        follows.check_other("a", "a")


@pytest.mark.parametrize("what", list(Followed))
def test_there_is_an_end_to_following(what: Followed) -> None:
    follows.check_number(what, MOST[what])
    with pytest.raises(TooManyFollows):
        follows.check_number(what, MOST[what] + 1)
