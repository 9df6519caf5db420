"""A trial: something done to an installation, what was counted, and what was wrong afterwards."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.chaos.installation import Installation


@dataclass
class Outcome:
    """What came of a trial.

    `counts` are shown in their order; `faults` are what must not be, one sentence each; `not_run` says why a
    machine could not carry the trial out, which is neither passed nor failed.
    """

    counts: dict[str, int | float | str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    not_run: str | None = None

    def count(self, what: str, number: int = 1) -> None:
        """Add to a count."""
        self.counts[what] = int(self.counts.get(what, 0)) + number

    def say(self) -> str:
        """Return a line for people."""
        if self.not_run is not None:
            return f"not run: {self.not_run}"
        shown = ", ".join(f"{number} {what}" for what, number in self.counts.items())
        return f"{shown}; {f'{len(self.faults)} FAULTS' if self.faults else 'no fault'}"


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial by name; `engines` are those where it makes sense.

    `run` gets an installation of its own with a small made-up company, and a seed; it may start and kill
    processes of it as it likes.
    """

    name: str
    run: Callable[[Installation, int], Awaitable[Outcome]]
    engines: tuple[str, ...] = ("sqlite", "postgresql")
