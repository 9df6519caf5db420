"""Meters: what a run of a job counts as."""

import asyncio

import pytest

from app.core.meters import BOUNDS, Meters


def test_a_run_counts_with_its_rows_and_its_time() -> None:
    meters = Meters()
    with meters.measure("test.job") as run:
        run.handled = 7
    meter = meters.of["test.job"]
    assert (meter.runs, meter.failures, meter.handled, meter.failure) == (1, 0, 7, None)
    assert 0 <= meter.seconds < 1
    assert sum(meter.spread) == 1
    assert meter.succeeded_at is not None


def test_a_look_that_finds_nothing_is_a_sign_of_life_and_no_run() -> None:
    meters = Meters()
    with meters.measure("test.job") as run:
        run.idle = True
    meter = meters.of["test.job"]
    assert meter.runs == 0
    assert meter.succeeded_at is not None


def test_a_failure_counts_by_the_kind_of_its_error_and_goes_on() -> None:
    meters = Meters()
    with pytest.raises(ValueError, match="somebody's words"), meters.measure("test.job"):
        raise ValueError("somebody's words")
    meter = meters.of["test.job"]
    assert (meter.runs, meter.failures, meter.failure) == (1, 1, "ValueError")
    assert meter.succeeded_at is None


def test_the_end_of_the_process_is_neither() -> None:
    meters = Meters()
    with pytest.raises(asyncio.CancelledError), meters.measure("test.job"):
        raise asyncio.CancelledError
    assert (meters.of["test.job"].runs, meters.of["test.job"].succeeded_at) == (0, None)


@pytest.mark.parametrize(("seconds", "place"), [(0.001, 0), (0.005, 0), (0.3, 3), (61.0, len(BOUNDS))])
def test_times_are_counted_together_up_to_a_bound(seconds: float, place: int) -> None:
    meter = Meters().add("test.job")
    meter.note(seconds, handled=0, failure=None, at=None)  # type: ignore[arg-type]  # the moment is not looked at
    assert meter.spread[place] == 1
