"""Leaderboards: ranks, days of a move, and that no board gives a small group away."""

from datetime import date
from random import Random

import pytest

from app.domain import breakdowns, leaderboards
from app.domain.breakdowns import WHOLE
from app.domain.leaderboards import Board, Job, NoSuchSeason, OneOfBoth, Standing

MARCH = [Job("a", date(2026, 1, 1), date(2026, 3, 10)), Job("b", date(2026, 3, 10), None)]


@pytest.mark.parametrize(
    ("day", "entity"),
    [
        (date(2025, 12, 31), ""),
        (date(2026, 3, 9), "a"),
        (date(2026, 3, 10), "b"),
        (date(2026, 5, 1), "b"),
    ],
)
def test_points_are_for_the_unit_of_the_day(day: date, entity: str) -> None:
    assert leaderboards.find_entity(MARCH, day) == entity
    assert leaderboards.find_entity(MARCH[:1], day) in ("a", "")


def test_equal_scores_share_a_rank() -> None:
    assert leaderboards.rank({"a": 5, "b": 9, "c": 5, "d": 1}) == [(1, "b"), (2, "a"), (2, "c"), (4, "d")]


def test_a_board_is_about_one_thing() -> None:
    today = date(2026, 11, 23)
    assert leaderboards.name_scope(None, None, today=today) == "2026-Q4"
    assert leaderboards.name_scope("all", None, today=today) == "all"
    assert leaderboards.name_scope(None, "x", today=today) == "campaign:x"
    assert leaderboards.name_scope("all", "x", today=today) == "campaign:x"
    with pytest.raises(OneOfBoth):
        leaderboards.name_scope("2026-Q4", "x", today=today)
    for wrong in ("2026-Q5", "2026", "", "campaign:x", "2026-Q4 "):
        with pytest.raises(NoSuchSeason):
            leaderboards.name_scope(wrong, None, today=today)


def make_company(random: Random) -> tuple[dict[str, str | None], dict[str, int], dict[str, int]]:
    nodes = [f"n{number}" for number in range(random.randint(1, 14))]
    parents: dict[str, str | None] = {
        node: random.choice([None, *nodes[:number]]) if number else None for number, node in enumerate(nodes)
    }
    people = {node: random.choice((0, 1, 2, 3, 4, 5, 6, 9)) for node in nodes}
    points = {node: random.randint(0, 60) for node in nodes}
    return parents, people, points


@pytest.mark.parametrize("seed", range(200))
def test_no_board_gives_a_small_group_away(seed: int) -> None:
    """Every unit that is shown, and what is left of it without its shown parts, is about five people or nobody."""
    parents, people, points = make_company(Random(seed))
    tree = breakdowns.grow(parents)
    standings = {each.entity: each for each in leaderboards.list_standings(tree, people, points)}
    for entity, standing in standings.items():
        assert standing.people >= 5
        parts = [standings[part] for part in list_nearest(tree, entity, standings)]
        heads = standing.people - sum(part.people for part in parts)
        rest = standing.points - sum(part.points for part in parts)
        assert heads >= 5 or (heads, rest) == (0, 0), entity
        assert standing.per_head == pytest.approx(100 * standing.points / standing.people, abs=0.5)
        assert (standing.board is Board.TEAM) == (not any(people[node] for node in below(tree, entity)))


def test_who_sits_above_small_teams_counts_with_them() -> None:
    tree = breakdowns.grow({"sales": None, "north": "sales", "south": "sales"})
    people, points = {"sales": 2, "north": 3, "south": 8}, {"sales": 10, "north": 7, "south": 24}
    assert leaderboards.list_standings(tree, people, points) == [
        Standing(Board.TEAM, "south", 24, 8, 300, 1),
    ], "the company under its name is on no board"
    above = breakdowns.grow({"it": None, "sales": None, "north": "sales", "south": "sales"})
    found = leaderboards.list_standings(above, people | {"it": 5}, points | {"it": 1})
    assert [(each.entity, each.points, each.people) for each in found] == [
        ("sales", 41, 13),
        ("south", 24, 8),
        ("it", 1, 5),
    ]


def below(tree: breakdowns.Tree, entity: str) -> frozenset[str]:
    return tree.list_below(entity) - {entity}


def list_nearest(tree: breakdowns.Tree, entity: str, shown: dict[str, Standing]) -> list[str]:
    """Return the shown units below one that have no shown unit between."""
    nearest = []
    for node in below(tree, entity) & shown.keys():
        above = tree.parents[node]
        while above not in (entity, WHOLE) and above not in shown:
            above = tree.parents[above or ""]
        if above == entity:
            nearest.append(node)
    return nearest
