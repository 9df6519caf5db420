"""Ideas captured in the room: who can be named, and who can have agreed."""

import pytest

from app.domain import captures
from app.domain.captures import HostIsNoAuthor, NamedTwice, NotInTheRoom, NotThere
from app.domain.errors import Refusal


@pytest.mark.parametrize(
    ("authors", "agreed", "refusal", "pointer"),
    [
        (["came"], ["came"], None, ""),
        (["came", "seated"], ["came"], None, ""),
        (["seated"], [], None, ""),
        (["seated"], ["seated"], NotInTheRoom, "/agreed/0"),
        (["came"], ["also came"], NotInTheRoom, "/agreed/0"),
        (["came", "host"], [], HostIsNoAuthor, "/authors/1"),
        (["stranger"], [], NotThere, "/authors/0"),
        (["came", "came"], [], NamedTwice, "/authors/1"),
        (["came"], ["came", "came"], NamedTwice, "/agreed/1"),
    ],
)
def test_who_is_named(
    authors: list[str], agreed: list[str], refusal: type[Refusal] | None, pointer: str
) -> None:
    def check() -> None:
        captures.check_authors(
            authors, agreed, host="host", attending={"came", "also came", "host"}, seated={"seated"}
        )

    if refusal is None:
        check()
        return
    with pytest.raises(refusal) as caught:
        check()
    assert caught.value.errors[0].pointer == pointer
