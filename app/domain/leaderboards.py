"""Leaderboards: units by points a head, and people who want to be on one; groups too small to hide in are in none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain import breakdowns, seasons
from app.domain.breakdowns import WHOLE, Tree
from app.domain.errors import Invalid
from app.domain.privacy import FLOOR

ALL_TIME = "all"
"""The season that has no end and no beginning."""


class Board(StrEnum):
    """What is compared: units that have units below them, units that have none, people."""

    ENTITY = "entity"
    TEAM = "team"
    PERSON = "person"


class NoSuchSeason(Invalid):
    """A season is a quarter, written like 2027-Q1, or `all`."""

    code = "leaderboards.no-such-season"


class OneOfBoth(Invalid):
    """A board is about a season or about a campaign; campaigns are compared over all of their time."""

    code = "leaderboards.one-of-both"


class NotOfPeople(Invalid):
    """People are compared across the company, not within a unit."""

    code = "leaderboards.not-of-people"


def name_scope(season: str | None, campaign: str | None, *, today: date) -> str:
    """Return what a board is about, as it is kept: a season, all time, or a campaign; by default the running season.

    Raises: OneOfBoth, NoSuchSeason.
    """
    if campaign is not None:
        if season not in (None, ALL_TIME):
            raise OneOfBoth.at("query/season")
        return name_campaign(campaign)
    if season is None:
        return seasons.get_season(today).name
    if season != ALL_TIME and seasons.find_season(season) is None:
        raise NoSuchSeason.at("query/season")
    return season


def name_campaign(campaign: str) -> str:
    """Return the scope of the points of a campaign."""
    return f"campaign:{campaign}"


@dataclass(frozen=True, slots=True)
class Job:
    """That somebody counted for a unit, from a day to another one, both included; without end it goes on."""

    entity: str
    first_day: date
    last_day: date | None


def find_entity(jobs: Iterable[Job], day: date) -> str:
    """Return the unit that somebody counted for on a day, the newer one on the day of a move; empty for none."""
    found = [job for job in jobs if job.first_day <= day and (job.last_day is None or day <= job.last_day)]
    return max(found, key=lambda job: job.first_day).entity if found else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a unit stands on its board; `per_head` is in hundredths of a point."""

    board: Board
    entity: str
    points: int
    people: int
    per_head: int
    rank: int


def list_standings(tree: Tree, people: Mapping[str, int], points: Mapping[str, int]) -> list[Standing]:
    """Return the boards of units, from the people who are directly in each and the points that they earned for it.

    People who are directly in a unit and fewer than `FLOOR` count together with those above them, from where there
    are enough of them, points and heads. So each unit that is shown, and each difference between a unit and its
    parts, is about `FLOOR` people at least or about nobody. Units without people are left out with their points.
    """
    placed = breakdowns.place_unnamed(tree, people)
    heads = tree.add_up(breakdowns.move(people, placed))
    earned = tree.add_up(breakdowns.move(points, placed))
    peopled = tree.add_up(people)
    with_parts = {tree.parents[node] for node in tree.ordered if peopled[node]}
    units = [
        node for node in tree.ordered if node != WHOLE and not tree.is_whole(node) and heads[node] >= FLOOR
    ]
    rows = []
    for board in (Board.ENTITY, Board.TEAM):
        of_board = [node for node in units if (node in with_parts) is (board is Board.ENTITY)]
        scores = {node: _divide(100 * earned[node], heads[node]) for node in of_board}
        rows += [
            Standing(board, node, earned[node], heads[node], scores[node], place)
            for place, node in rank(scores)
        ]
    return rows


def rank(scores: Mapping[str, int]) -> list[tuple[int, str]]:
    """Return things by descending score with their ranks; equal scores share one, and leave the next ones out."""
    ordered = sorted(scores, key=lambda thing: (-scores[thing], thing))
    ranked: list[tuple[int, str]] = []
    for number, thing in enumerate(ordered, 1):
        tied = ranked and scores[ranked[-1][1]] == scores[thing]
        ranked.append((ranked[-1][0] if tied else number, thing))
    return ranked


def _divide(number: int, by: int) -> int:
    """Return a quotient, half a unit rounded up."""
    return (2 * number + by) // (2 * by)
