"""Modules: small, named by one noun in each layer, and the domain without anything async."""

import ast
import re
from collections.abc import Iterable
from statistics import median

from tests.house.sources import Source, list_sources

MEDIAN, LONGEST = 60, 250

ACROSS = {
    "anonymity",  # one promise that every door must keep
    "figures",  # all queries of figures of ideas, over one random company
    "main_path",  # one idea through every router
    "no_boss",  # the rule that no service may break
    "security",  # a package, and the modules in it
    "tokens",
    "workers",  # several processes of the same clockwork
}
"""What tests are about that has no module of its own in their layer."""

BANNED = {
    "Base",
    "In",
    "Out",
    "Dto",
    "DTO",
    "Manager",
    "Helper",
    "Util",
    "Utils",
    "Handler",
    "Service",
    "Repository",
}


def find_long(sources: Iterable[Source]) -> list[str]:
    return [
        f"{source.path} has {len(source.lines)} lines" for source in sources if len(source.lines) > LONGEST
    ]


def find_async(sources: Iterable[Source]) -> list[str]:
    kinds = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)
    return [
        f"{source.path}:{node.lineno} is async"
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, kinds)
    ]


def find_misnamed(sources: Iterable[Source]) -> list[str]:
    """Names of classes that end in a word which says nothing, or begin with Base."""
    found = []
    for source in sources:
        for node in source.classes:
            words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", node.name)
            vague = words[-1:] and words[-1] in BANNED and words[-2:-1] not in (["Sign"], ["Signed"])
            if vague or words[:1] == ["Base"]:
                found.append(f"{source.path}:{node.lineno} class {node.name}")
    return found


def find_near_names(sources: Iterable[Source]) -> list[str]:
    """File names that differ from that of another layer by their plural or an underscore only."""
    known: dict[str, dict[str, str]] = {}
    for source in sources:
        plain = re.sub(r"(?<=y)$|ies$", "y", source.noun.replace("_", "")).removesuffix("s")
        known.setdefault(plain, {})[source.noun] = source.path
    return [" and ".join(paths.values()) for paths in known.values() if len(paths) > 1]


def find_homeless(tests: Iterable[Source], sources: Iterable[Source]) -> list[str]:
    """Tests that are named like no module of their layer."""
    nouns: dict[str, set[str]] = {}
    for source in sources:
        nouns.setdefault(source.layer, set(ACROSS)).add(source.noun)
    return [
        f"{test.path}: app/{test.layer} has no such noun"
        for test in tests
        if "/test_" in test.path and test.layer in nouns and test.noun not in nouns[test.layer]
    ]


def test_no_module_is_longer_than_a_few_screens() -> None:
    found = find_long(list_sources())
    assert not found, f"Split what has over {LONGEST} lines by what it is about: {found}"


def test_the_median_module_is_short() -> None:
    middle = median(source.code for source in list_sources())
    assert middle < MEDIAN, (
        f"The median module has {middle} lines of code: split the longest by what they are about."
    )


def test_nothing_in_the_domain_is_async() -> None:
    found = find_async(source for source in list_sources() if source.layer == "domain")
    assert not found, f"Rules are pure; what waits belongs to services or queries: {found}"


def test_names_of_classes_say_something() -> None:
    found = find_misnamed(list_sources())
    assert not found, f"Name it by what it is (an event is past, a request a verb, an answer a noun): {found}"


def test_a_noun_has_one_name_in_every_layer() -> None:
    found = find_near_names(
        source for source in list_sources() if source.layer not in {"core", "cli", "demo"}
    )
    assert not found, f"Give one noun one file name: {found}"


def test_tests_are_named_like_what_they_test() -> None:
    found = find_homeless(list_sources("tests"), list_sources())
    assert not found, f"Name it `tests/<layer>/test_<noun>.py`, or say in ACROSS what it is about: {found}"


def test_the_rules_see_planted_faults() -> None:
    long = Source("app/domain/novels.py", "\n" * 300)
    waiting = Source("app/domain/waits.py", "async def wait() -> None:\n    await nothing()\n")
    names = "".join(
        f"class {name}: ...\n" for name in ("IdeaManager", "BaseVote", "VoteOut", "InAuthorsLine", "SignIn")
    )
    misnamed = Source("app/services/names.py", names)
    votes, vote = Source("app/domain/votes.py", ""), Source("app/routers/vote.py", "")
    homeless = Source("tests/domain/test_vote.py", "")
    assert len(find_long([long, votes])) == 1
    assert len(find_async([waiting, votes])) == 2
    assert len(find_misnamed([misnamed])) == 3
    assert len(find_near_names([votes, vote, Source("app/services/votes.py", "")])) == 1
    assert len(find_homeless([homeless, Source("tests/domain/test_votes.py", "")], [votes])) == 1
