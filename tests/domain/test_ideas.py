"""What authors may do with an idea of their own, and until when."""

from dataclasses import dataclass

import pytest

from app.domain import ideas
from app.domain.ideas import ClosedToEdits, NotADraft, NotAuthor
from app.domain.pipeline import Stage

EDITED = {"draft", "submitted", "evaluation"}


@dataclass
class Somewhere:
    stage: str
    restriction: str | None = None


@pytest.mark.parametrize("stage", [stage.value for stage in Stage])
def test_texts_change_until_the_idea_was_decided_on(stage: str) -> None:
    idea = Somewhere(stage)
    if stage in EDITED:
        ideas.check_may_edit(idea, is_author=True)
    else:
        with pytest.raises(ClosedToEdits):
            ideas.check_may_edit(idea, is_author=True)


@pytest.mark.parametrize("stage", [stage.value for stage in Stage])
def test_only_a_draft_is_deleted(stage: str) -> None:
    idea = Somewhere(stage)
    if stage == "draft":
        ideas.check_may_delete(idea, is_author=True)
    else:
        with pytest.raises(NotADraft):
            ideas.check_may_delete(idea, is_author=True)


@pytest.mark.parametrize("stage", [stage.value for stage in Stage])
def test_nobody_else_changes_or_deletes_an_idea(stage: str) -> None:
    for check in (ideas.check_may_edit, ideas.check_may_delete):
        with pytest.raises(NotAuthor):
            check(Somewhere(stage), is_author=False)
