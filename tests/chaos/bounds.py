"""How much a trial does: numbers from the environment, each with a default, and a limit in time."""

import os
import time


def read(name: str, default: int) -> int:
    """Return a number from the environment; an empty one counts as none."""
    return int(os.environ.get(name) or default)


class Limit:
    """Seconds that a trial may take; what is not done by then is said, and is no fault."""

    def __init__(self, seconds: float | None = None) -> None:
        self._end = time.monotonic() + (seconds or read("BUDGET", 420))

    @property
    def left(self) -> float:
        """The seconds that are left."""
        return max(0.0, self._end - time.monotonic())

    def is_over(self) -> bool:
        """Tell whether the time is up."""
        return not self.left
