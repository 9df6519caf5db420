"""Who says what under which idea, who answers, and when."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from app.demo import attention, luck, remarks
from app.demo.acts import Act, Comment, Reply
from app.demo.attention import Stage
from app.demo.crowd import share_out
from app.demo.journeys import Idea
from app.demo.organisation import Organisation
from app.demo.timeline import Timeline

_REPLIES = 0.27
_ATTEMPTS = 12


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment of the first level, which others may answer."""

    key: str
    idea: Idea
    person: str
    moment: float
    kind: str


@dataclass(slots=True)
class Discussion:
    """The discussions of a world as they grow."""

    rng: Random
    stage: Stage
    organisation: Organisation
    line: Timeline
    acts: list[tuple[float, Act]] = field(default_factory=list)
    _threads: list[Thread] = field(default_factory=list)
    _received: dict[str, list[Thread]] = field(default_factory=lambda: defaultdict(list))
    _said: set[str] = field(default_factory=set)

    def comment(self, person: str) -> None:
        """A person comments on somebody else's idea."""
        number = attention.pick_ideas(self.rng, self.stage, self.stage.comments, person, 1)[0]
        idea = self.stage.ideas[number]
        moment = attention.draw_moment(self.rng, idea.start, self.line.end - 0.03, mean=9.0)
        thread = Thread(self._make_key(), idea, person, moment, remarks.pick_kind(self.rng))
        body = self._write(thread.kind, idea, person)
        self.acts.append((moment, Comment(self.line.tell(moment), thread.key, idea.key, person, body)))
        self._threads.append(thread)
        if not idea.anonymous:
            for author in idea.people:
                self._received[author].append(thread)

    def reply(self, person: str) -> None:
        """A person answers somebody else's comment, an author for choice one on an own idea.

        Anonymous authors keep silent under their own ideas.  With nobody to answer it becomes a comment.
        """
        own = self._received.get(person, [])
        for _ in range(_ATTEMPTS):
            thread = self.rng.choice(own if own and luck.happens(self.rng, 0.65) else self._threads)
            if thread.person != person and not (thread.idea.anonymous and person in thread.idea.people):
                self._answer(thread, person)
                return
        self.comment(person)

    def _answer(self, thread: Thread, person: str) -> None:
        moment = attention.draw_moment(self.rng, thread.moment, self.line.end - 0.002, mean=3.0, late=0.02)
        kind = remarks.pick_reply(self.rng, thread.kind, by_author=person in thread.idea.people)
        body = self._write(kind, thread.idea, person, to=thread.person)
        reply = Reply(self.line.tell(moment), self._make_key(), thread.idea.key, thread.key, person, body)
        self.acts.append((moment, reply))

    def _make_key(self) -> str:
        return f"K{len(self.acts) + 1:05d}"

    def _write(self, kind: str, idea: Idea, person: str, *, to: str = "") -> str:
        employee = self.organisation.by_id[person]
        first_name = self.organisation.by_id[to].name.partition(" ")[0] if to else ""
        write = partial(remarks.write, self.rng, kind, idea.text, place=employee.town)
        body = luck.retry(partial(write, feminine=employee.feminine, to=first_name), self._said)
        self._said.add(body)
        return body


def plan(
    rng: Random,
    stage: Stage,
    organisation: Organisation,
    line: Timeline,
    commenters: Sequence[str],
    total: int,
) -> list[tuple[float, Act]]:
    """Every commenter writes at least once: comments on others' ideas first, then replies to others."""
    counts = share_out(rng, commenters, total, idle=0.5, most=(0.02 * total, 0.4 * total))
    turns = [person for person, count in counts.items() for _ in range(count)]
    rng.shuffle(turns)
    first = max(1, round(total * (1 - _REPLIES)))
    discussion = Discussion(rng, stage, organisation, line)
    for person in turns[:first]:
        discussion.comment(person)
    for person in turns[first:]:
        discussion.reply(person)
    return discussion.acts
