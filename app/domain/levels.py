"""Levels: ten steps by the points that somebody ever earned; what is spent on prizes lowers none."""

from dataclasses import dataclass

from app.domain.translations import Translation


@dataclass(frozen=True, slots=True)
class Level:
    """A step: its number from 1 on, its name, and the points it takes."""

    number: int
    name: Translation
    points: int


LEVELS: tuple[Level, ...] = tuple(
    Level(number, Translation(fr, en), points)
    for number, (points, fr, en) in enumerate(
        (
            (0, "Étincelle", "Spark"),
            (10, "Lueur", "Glimmer"),
            (50, "Bougie", "Candle"),
            (120, "Lanterne", "Lantern"),
            (250, "Torche", "Torch"),
            (500, "Foyer", "Hearth"),
            (1_000, "Phare", "Lighthouse"),
            (2_000, "Aurore", "Dawn"),
            (4_000, "Soleil", "Sun"),
            (8_000, "Constellation", "Constellation"),
        ),
        start=1,
    )
)
"""The levels, the lowest first. An idea is worth 10 points, a selected one over 100, a deployed one over 1,000."""


def get_level(points: int) -> Level:
    """Return the level of so many points."""
    return max((level for level in LEVELS if level.points <= points), default=LEVELS[0], key=_get_points)


def find_next(level: Level) -> Level | None:
    """Return the level above, None from the last one."""
    return LEVELS[level.number] if level.number < len(LEVELS) else None


def _get_points(level: Level) -> int:
    return level.points
