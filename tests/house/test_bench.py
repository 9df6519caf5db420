"""The company that is measured is one that the application could have made."""

from pathlib import Path
from random import Random

from app.core import analysis, clock
from app.core.db import Database
from app.queries import audits
from app.services import recomputation
from bench import dataset, luck
from bench.scales import Scale
from bench.texts import Writer

SMALL = Scale("small", ideas=400, people=200, votes=4_000, comments=900)


async def test_what_is_measured_does_not_contradict_itself(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'measured.db'}"
    facts = await dataset.build(url, SMALL)
    database = Database(dataset.describe_settings(url))
    await recomputation.settle_all(database, now=clock.now())
    found = await audits.audit(database)
    await database.close()
    assert [finding for finding in found if finding.level == "error"] == []
    assert facts.ideas == 400 - 400 // 33
    assert facts.people
    assert facts.fifty


def test_stems_of_a_text_are_those_of_its_phrases() -> None:
    writer = Writer(Random(1), ideas=100)
    for _ in range(50):
        text = writer.write()
        body = f"{text.problem}\n{text.solution}\n{text.benefit}"
        assert text.title_stems.split() == analysis.stems(text.title)
        assert text.body_stems.split() == analysis.stems(body)
        words = {tuple(word) for word in analysis.words(f"{text.title} {body} {' '.join(text.tags)}")}
        assert text.words == words


def test_numbers_are_spread_as_in_life() -> None:
    numbers = luck.spread(10_000, 500, most=600, steepness=0.8, random=Random(1))
    assert abs(sum(numbers) - 10_000) < 200
    assert max(numbers) <= 600
    assert sorted(numbers)[250] < 20
    assert len(set(luck.pick_distinct(150, 200, Random(1)))) == 150
