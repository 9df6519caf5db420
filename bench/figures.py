"""What was measured: figures that stand against a target, lines of the table of rates, and remarks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from bench import races
from bench.races import Sample, Samples


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table of rates: what was asked on which engine, by whom answered."""

    subject: str
    engine: str
    side: str
    sample: Sample


@dataclass
class Figures:
    """Everything of one run.

    `values` are the rounds of each figure by the key of its target, `profiles` where the time goes by subject.
    """

    values: dict[str, list[float]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    not_run: dict[str, str] = field(default_factory=dict)
    profiles: dict[str, list[str]] = field(default_factory=dict)
    tables: dict[str, list[str]] = field(default_factory=dict)

    def note(self, key: str, values: list[float]) -> None:
        """Keep the rounds of a figure."""
        self.values[key] = values

    def describe(self, subject: str, engine: str, found: Mapping[str, Samples]) -> None:
        """Keep the medians of a race for the table of rates."""
        self.lines += [Line(subject, engine, side, races.middle(rounds)) for side, rounds in found.items()]

    def middle(self, key: str) -> float | None:
        """Return the median of a figure, None when it was not measured."""
        values = self.values.get(key)
        return median(values) if values else None
