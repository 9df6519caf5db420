"""The ideas of the measured company, chunk by chunk, with everything the application would have written."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.core import typos
from app.domain import ranking
from bench import crowd, luck
from bench.company import BEGIN, CAMPAIGNS, END, Company
from bench.copying import Rows
from bench.crowd import Crowd
from bench.journeys import YOUTH, Guide, draw_stage, is_answered
from bench.scales import Scale
from bench.texts import Text, Vocabulary, Writer

_CHUNK = 4_000
_DRAFT_EACH = 33
_ANONYMOUS = 0.05
_IN_CAMPAIGN = 0.3

Tuples = dict[str, list[tuple[Any, ...]]]


class Maker:
    """Makes the ideas in the order in which they were begun."""

    def __init__(self, company: Company, scale: Scale, random: Random) -> None:
        self._company, self._scale, self._random = company, scale, random
        self._ids = luck.stream_ids(random)
        self._writer = Writer(random, ideas=scale.ideas)
        self._crowd = Crowd(company, scale, self._writer, random, self._ids)
        self._guide = Guide(company, random, self._ids)
        self.vocabulary = Vocabulary()
        self._canonical: str | None = None
        self._number = 0

    def make(self) -> Iterator[tuple[Rows, Tuples]]:
        """Yield chunks: rows by their columns, and votes and comments as tuples."""
        step = (END - BEGIN) / self._scale.ideas
        for first in range(0, self._scale.ideas, _CHUNK):
            rows: Rows = defaultdict(list)
            tuples: Tuples = {"votes": [], "comments": []}
            for number in range(first, min(first + _CHUNK, self._scale.ideas)):
                self._make_one(rows, tuples, number, BEGIN + step * number)
            tuples["votes"] = crowd.by_time(tuples["votes"], crowd.VOTE_COLUMNS.index("cast_at"))
            tuples["comments"] = crowd.by_time(tuples["comments"], crowd.COMMENT_COLUMNS.index("created_at"))
            yield rows, tuples

    def list_vocabulary(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Yield the vocabulary of all ideas made so far, by table."""
        counts = self.vocabulary.counts
        yield (
            "search_terms",
            [{"word": word, "stem": stem, "ideas": ideas} for (word, stem), ideas in sorted(counts.items())],
        )
        yield (
            "search_keys",
            [{"key": key, "word": word} for word, _ in sorted(counts) for key in typos.keys(word)],
        )

    def _make_one(self, rows: Rows, tuples: Tuples, number: int, at: datetime) -> None:
        random, company = self._random, self._company
        text = self._writer.write()
        author = int(random.random() * len(company.people))
        idea = self._begin(text, number, at, author)
        views = int(random.random() * 40)
        tally: dict[str, Any] = {"votes": 0, "comments": 0, "views": 0, "hot": 0.0, "attention": 0}
        if idea["stage"] != "draft":
            self._guide.lead(rows, idea, author)
            votes, cast = self._crowd.vote(number, idea, author)
            written = self._crowd.comment(number, idea, author)
            tuples["votes"] += cast
            tuples["comments"] += written
            views += 3 * votes
            answered = is_answered(idea["stage"])
            tally = {
                "votes": votes,
                "comments": len(written),
                "views": views,
                "hot": ranking.get_hot(votes, len(written), idea["submitted_at"]),
                "attention": ranking.get_attention(views, votes, len(written), answered=answered),
            }
            self._publish(rows, idea, text, company.people[author])
        rows["ideas"].append(idea)
        # Counters carry copies of the idea's columns: a row has them all, the layout takes what it knows.
        origin = None if idea["anonymous"] else idea["origin_id"]
        rows["tallies"].append({**idea, **tally, "idea_id": idea["id"], "origin_id": origin})
        rows["authorships"].append(
            {
                "idea_id": idea["id"],
                "employee_id": company.people[author],
                "invited_at": idea["created_at"],
                "answered_at": idea["created_at"],
            }
        )
        rows["idea_tags"] += [
            {"idea_id": idea["id"], "tag": tag, "position": place} for place, tag in enumerate(text.tags)
        ]

    def _begin(self, text: Text, number: int, at: datetime, author: int) -> dict[str, Any]:
        random, company = self._random, self._company
        draft = number % _DRAFT_EACH == _DRAFT_EACH - 1
        stage = draw_stage(random, young=number > self._scale.ideas * (1 - YOUTH))
        if stage == "merged" and self._canonical is None:
            stage = "declined"
        running = min(CAMPAIGNS - 1, int((at - BEGIN) / ((END - BEGIN) / CAMPAIGNS)))
        key = next(self._ids)
        idea = {
            "id": key,
            "title": text.title,
            "problem": text.problem,
            "solution": text.solution,
            "benefit": text.benefit,
            "theme_id": company.themes[min(3, int(random.random() ** 1.5 * 4))],
            "function_id": company.functions[int(random.random() ** 1.5 * len(company.functions))],
            "campaign_id": company.campaigns[running] if random.random() < _IN_CAMPAIGN else company.box,
            "anonymous": random.random() < _ANONYMOUS,
            "stage": "draft" if draft else stage,
            "canonical_id": self._canonical if stage == "merged" and not draft else None,
            "origin_id": None if draft else company.entity_of[author],
            "created_at": at,
            "submitted_at": None if draft else at + timedelta(microseconds=random.randrange(1_000_000)),
            "updated_at": at,
        }
        if not draft and stage in ("recommended", "selected", "project", "pilot"):
            self._canonical = key
        return idea

    def _publish(self, rows: Rows, idea: dict[str, Any], text: Text, author: str) -> None:
        """Put a submitted idea into the index and its event beside it, worked off."""
        self._number += 1
        rows["search_documents"].append(
            {
                "number": self._number,
                "idea_id": idea["id"],
                "title": text.title_stems,
                "body": text.body_stems,
                "tags": text.tag_stems,
                "counted": True,
            }
        )
        self.vocabulary.learn(text)
        rows["events"].append(
            {
                "sequence": self._number,
                "kind": "ideas.submitted",
                "subject": idea["id"],
                "actor_id": None if idea["anonymous"] else author,
                "payload": json.dumps({}),
                "at": idea["submitted_at"],
                "worked_off_at": idea["submitted_at"] + timedelta(seconds=2),
            }
        )
