"""Restrictions: what is said of each kind, and what authors and readers do in each state."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import restrictions
from app.domain.restriction_texts import TEXTS
from app.domain.restrictions import (
    Answer,
    NoSuchLane,
    NotADraft,
    NotPossible,
    RestrictionKind,
    State,
    TextMissing,
)

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
WHY = "The names are no longer in the text."


@dataclass
class Row:
    state: str = "open"
    by_author: bool = False
    former_stage: str = "evaluation"
    acknowledged_at: datetime | None = None


@pytest.mark.parametrize(
    ("row", "author", "reader"),
    [
        (Row(), "withdraw", "acknowledge close lift"),
        (Row(acknowledged_at=NOW), "withdraw", "close lift"),
        (Row("closed"), "", "lift"),
        (Row("withdrawn"), "", ""),
        (Row("lifted"), "", ""),
    ],
)
def test_what_can_be_done_in_each_state(row: Row, author: str, reader: str) -> None:
    assert " ".join(restrictions.list_answers(row, is_author=True)) == author
    assert " ".join(restrictions.list_answers(row, is_author=False)) == reader


@given(
    st.builds(
        Row,
        st.sampled_from([state.value for state in State]),
        st.booleans(),
        st.sampled_from(["draft", "submitted", "declined"]),
        st.sampled_from([None, NOW]),
    ),
    st.sampled_from(list(Answer)),
    st.booleans(),
)
def test_nothing_is_shown_to_everybody_by_its_author(row: Row, given_: Answer, is_author: bool) -> None:
    """What was submitted once, or restricted by somebody else, comes back by a reader alone."""
    try:
        led = restrictions.answer(row, given_, WHY, is_author=is_author)
    except NotPossible:
        assert given_ not in restrictions.list_answers(row, is_author=is_author)
        return
    if led is State.LIFTED and is_author:
        assert row.by_author
        assert row.former_stage == "draft"
    assert led is not State.LIFTED or row.state != State.WITHDRAWN


@pytest.mark.parametrize("action", ["close", "lift"])
def test_readers_say_why(action: str) -> None:
    with pytest.raises(TextMissing):
        restrictions.answer(Row(), action, " " * 40, is_author=False)
    assert restrictions.answer(Row(), action, WHY, is_author=False) != State.OPEN


@pytest.mark.parametrize("kind", list(RestrictionKind))
def test_every_kind_says_why_and_where_else_in_both_languages(kind: RestrictionKind) -> None:
    assert set(TEXTS[kind]) == {"fr", "en"}
    for texts in TEXTS[kind].values():
        assert min(map(len, (texts.why, texts.elsewhere, texts.unreachable))) > 60
        # A role, and no address that somebody made up.
        assert "@" not in texts.contact + texts.elsewhere


def test_a_kind_is_one_of_three() -> None:
    assert restrictions.get_kind("invention") is RestrictionKind.INVENTION
    with pytest.raises(NoSuchLane):
        restrictions.get_kind("secret")


def test_a_draft_is_not_restricted_from_the_start() -> None:
    restrictions.check_way("invention", draft=False)
    restrictions.check_way(None, draft=True)
    with pytest.raises(NotADraft):
        restrictions.check_way("invention", draft=True)
