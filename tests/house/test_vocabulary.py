"""The dotted vocabulary: refusals, events and settings, each with its words; answers that are complete."""

import ast
import re
from collections import Counter
from collections.abc import Iterable

from app.core.config import Settings
from app.domain.errors import Conflict, NotFound, Refusal
from app.domain.happenings import Happening
from app.routers.problems import STATUSES
from app.schemas.shapes import Answer
from tests.house.classes import list_subclasses
from tests.house.sources import Source, list_sources

_WORD = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
CODE = re.compile(rf"{_WORD}(?:\.{_WORD})+")
PAST = re.compile(r"(?:ed|wn|en|set|cast|begun|began|left|made|sent|met|put|told|late|[a-z]+-in|[a-z]+-out)$")
"""How the last word of an event ends: something is over."""


def list_refusals() -> list[type[Refusal]]:
    """Return the refusals of rules; the categories themselves are no answer to anybody."""
    return [each for each in list_subclasses(Refusal) if each not in STATUSES]


def find_unclear_refusals(refusals: Iterable[type[Refusal]]) -> list[str]:
    refusals = list(refusals)
    found = [
        f"the code {code} is used by more than one rule"
        for code, uses in Counter(each.code for each in refusals).items()
        if uses > 1
    ]
    for each in refusals:
        said = (each.__dict__.get("__doc__") or "").strip()
        if "code" not in each.__dict__ or not CODE.fullmatch(each.code):
            found.append(f"{each.__name__} has no dotted code of its own")
        if not said or "\n" in said or not said.endswith("."):
            found.append(f"{each.__name__} needs a docstring of one sentence, for the person who reads it")
        if sum(issubclass(each, category) for category in STATUSES) != 1:
            found.append(f"{each.__name__} falls into none or several of the categories of domain/errors.py")
    return found


def find_unclear_events(happenings: Iterable[type[Happening]]) -> list[str]:
    happenings = list(happenings)
    kinds = Counter(each.kind for each in happenings)
    found = [f"the kind {kind} is used by more than one event" for kind, uses in kinds.items() if uses > 1]
    for each in happenings:
        if not CODE.fullmatch(each.kind) or not PAST.search(each.kind):
            found.append(f"{each.__name__}: {each.kind!r} is not dotted and past")
        if "Subject:" not in (each.__doc__ or ""):
            found.append(f"{each.__name__}: the docstring names no subject")
    return found


def find_incomplete(answers: Iterable[type[Answer]]) -> list[str]:
    return [
        f"{answer.__name__}.{name}"
        for answer in answers
        for name, info in answer.model_fields.items()
        if not info.is_required()
    ]


def find_bare_categories(sources: Iterable[Source]) -> list[str]:
    """Places that raise a category which has no dotted code, instead of a refusal of their own."""
    names = {category.__name__ for category in STATUSES if not CODE.fullmatch(category.code)}
    found = []
    for source in sources:
        for node in ast.walk(source.tree):
            raised = node.exc if isinstance(node, ast.Raise) else None
            raised = raised.func if isinstance(raised, ast.Call) else raised
            if isinstance(raised, ast.Name) and raised.id in names:
                found.append(f"{source.path}:{raised.lineno} raises {raised.id}")
    return found


def test_every_refusal_has_a_code_a_sentence_and_one_category() -> None:
    found = find_unclear_refusals(list_refusals())
    assert not found, "\n".join(found)


def test_no_rule_refuses_with_a_bare_category() -> None:
    found = find_bare_categories(list_sources())
    assert not found, f"Make a refusal beside the rule, with a code of its own: {found}"


def test_every_event_has_a_kind_in_the_past_and_a_subject() -> None:
    found = find_unclear_events(list_subclasses(Happening))
    assert not found, "\n".join(found)


def test_every_setting_says_what_it_means() -> None:
    found = [name for name, info in Settings.model_fields.items() if not info.description]
    assert not found, f"Give them a description: {found}"


def test_every_field_of_an_answer_is_always_there() -> None:
    found = find_incomplete(list_subclasses(Answer))
    assert not found, f"An answer has no defaults; say None where there is nothing: {found}"


def test_the_rules_see_planted_faults() -> None:
    class Undotted(NotFound):
        """It is gone."""

        code = "gone"

    class Silent(NotFound):
        code = "plants.silent"

    class Torn(NotFound, Conflict):
        """It is two things."""

        code = "plants.silent"

    class VoteWillCome(Happening):
        """It will come. Subject: the vote."""

        kind = "votes.come"

    class Sparse(Answer):
        votes: int = 0

    assert len(find_unclear_refusals([Undotted, Silent])) == 2
    assert len(find_unclear_refusals([Silent, Torn])) == 3
    assert len(find_unclear_events([VoteWillCome])) == 1
    assert find_incomplete([Sparse]) == ["Sparse.votes"]
    assert find_bare_categories([Source("app/x.py", "def f():\n    raise NotFound('gone')\n")])
