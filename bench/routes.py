"""The requests of the table, made from what there is to ask about."""

import json
from collections.abc import Iterator

from bench.asks import Ask
from bench.ground import Ground, Reader

COMMENT = json.dumps(
    {"body": "On l'a essayé à **Angers** : il suffit d'un bac par étage, et de deux semaines d'habitude."},
    ensure_ascii=False,
).encode()


def ask_feed(reader: Reader, *, limit: int = 20) -> Ask:
    """Return the request for the first page of the feed."""
    return Ask("GET", "/ideas", reader.token, f"limit={limit}")


def ask_search(reader: Reader, word: str) -> Ask:
    """Return the request for the hottest ideas with a word."""
    return Ask("GET", "/ideas", reader.token, f"limit=20&sort=hot&q={word}")


def ask_idea(reader: Reader, idea_id: str) -> Ask:
    """Return the request for an idea."""
    return Ask("GET", f"/ideas/{idea_id}", reader.token)


def ask_comments(reader: Reader, idea_id: str) -> Ask:
    """Return the request for the first fifty threads of an idea."""
    return Ask("GET", f"/ideas/{idea_id}/comments", reader.token, "limit=50")


def ask_vote(reader: Reader, idea_id: str) -> Ask:
    """Return the request that votes for an idea."""
    return Ask("PUT", f"/ideas/{idea_id}/vote", reader.token)


def ask_comment(reader: Reader, idea_id: str) -> Ask:
    """Return the request that comments on an idea."""
    return Ask("POST", f"/ideas/{idea_id}/comments", reader.token, body=COMMENT, status=201)


class Pairs:
    """Ideas to vote on, given out so that no reader is sent to an idea twice."""

    def __init__(self, ground: Ground, *, portion: int) -> None:
        """Give out portions of so many ideas."""
        self._ground = ground
        self._portion = portion
        self._begin = 0

    def take(self, voters: int, *, together: bool = False) -> list[Iterator[Ask]]:
        """Return for each of the voters a stream of votes, on ideas that nobody was sent to before.

        All go through the same ideas, each from another place; `together` all from the same, so that at any
        moment everybody votes for one idea.
        """
        ideas = self._ground.votable[self._begin : self._begin + self._portion]
        self._begin += self._portion
        step = 0 if together else max(1, len(ideas) // voters)

        def stream(number: int, reader: Reader) -> Iterator[Ask]:
            begin = number * step % max(1, len(ideas))
            for idea_id in ideas[begin:] + ideas[:begin]:
                yield ask_vote(reader, idea_id)

        return [stream(number, reader) for number, reader in enumerate(self._ground.readers[:voters])]
