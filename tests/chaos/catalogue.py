"""THE table of trials, in the order in which `make chaos` runs them."""

from tests.chaos.trials import Trial

TRIALS: tuple[Trial, ...] = ()
