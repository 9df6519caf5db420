"""How large the measured company is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers of rows: ideas (drafts included), people, standing votes, comments (within a hundredth)."""

    name: str
    ideas: int
    people: int
    votes: int
    comments: int


SCALES = {
    scale.name: scale
    for scale in (
        Scale("1k", 1_000, 200, 12_000, 3_000),
        Scale("10k", 10_000, 1_000, 200_000, 30_000),
        Scale("100k", 100_000, 10_000, 2_000_000, 300_000),
        Scale("1m", 1_000_000, 100_000, 20_000_000, 3_000_000),
    )
}
