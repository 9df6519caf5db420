"""Requests for help: whose act is what, and which thanks count."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from app.domain import help_requests
from app.domain.errors import Refusal
from app.domain.help_requests import HelpState, NotForYou, NotHelping, NothingToHelpWith, NotWaiting
from app.domain.ideas import NotAuthor
from app.domain.pipeline import Stage

THEN = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass
class Request:
    state: str
    accepted_at: datetime | None = None
    thanked_at: datetime | None = None
    helper_id: str | None = "helper"
    asker_id: str = "asker"


@pytest.mark.parametrize(
    ("request_", "asker", "helper"),
    [
        (Request("asked"), "withdraw", "answer"),
        (Request("unmatched", helper_id=None), "withdraw", ""),
        (Request("helping", THEN), "write end thank", "write end"),
        (Request("helping", THEN, THEN), "write end", "write end"),
        (Request("ended", THEN), "thank", ""),
        (Request("ended", THEN, THEN), "", ""),
        (Request("withdrawn", helper_id=None), "", ""),
    ],
)
def test_can_and_the_refusals_say_the_same(request_: Request, asker: str, helper: str) -> None:
    checks: dict[str, Callable[[str], None]] = {
        "answer": lambda who: help_requests.check_may_answer(who, request_),
        "withdraw": lambda who: help_requests.check_may_withdraw(who, request_),
        "write": lambda _: help_requests.check_may_talk(request_),
    }
    for who, able in (("asker", asker), ("helper", helper)):
        assert " ".join(help_requests.list_abilities(who, request_)) == able
        for act, check in checks.items():
            if act in able.split():
                check(who)
            else:
                with pytest.raises((NotForYou, NotWaiting, NotHelping)):
                    check(who)


def test_thanks_are_the_askers_for_help_that_was_given() -> None:
    for request_, who, refusal in (
        (Request("asked"), "asker", NotHelping),
        (Request("helping", THEN), "helper", NotForYou),
    ):
        with pytest.raises(refusal):
            help_requests.check_may_thank(who, request_)
    help_requests.check_may_thank("asker", Request("ended", THEN))


@pytest.mark.parametrize("stage", list(Stage))
def test_help_is_asked_for_by_authors_until_the_idea_is_over(stage: Stage) -> None:
    @dataclass
    class Idea:
        stage: str

    def find(*, is_author: bool) -> type[Refusal] | None:
        try:
            help_requests.check_may_ask(Idea(stage), is_author=is_author)
        except Refusal as refusal:
            return type(refusal)
        return None

    over = stage in {"deployed", "withdrawn", "merged"}
    assert find(is_author=False) is NotAuthor
    assert find(is_author=True) is (NothingToHelpWith if over else None)
    assert help_requests.may_ask(Idea(stage), is_author=True) is not over


@pytest.mark.parametrize(
    ("anonymous", "today", "between", "unnamed", "counted"),
    [
        (False, 0, 0, 0, True),
        (False, 2, 0, 5, True),
        (False, 3, 0, 0, False),
        (False, 0, 1, 0, False),
        (True, 0, 9, 0, True),
        (True, 0, 0, 1, False),
        (True, 3, 0, 0, False),
    ],
)
def test_thanks_count_so_often_and_on_anonymous_ideas_whoever_thanks(
    *, anonymous: bool, today: int, between: int, unnamed: int, counted: bool
) -> None:
    said = help_requests.counts(anonymous=anonymous, today=today, between=between, unnamed=unnamed)
    assert said is counted


def test_an_open_request_has_somebody_before_it() -> None:
    assert {HelpState.ASKED, HelpState.HELPING} == help_requests.OPEN
