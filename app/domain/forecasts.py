"""Forecasts: in how many working days an idea gets its answer, from what was answered lately."""

WINDOW_DAYS = 60
"""Days of the calendar that are looked back over."""

FEWEST_ANSWERS = 3
"""With fewer answers in the window nothing is foretold."""

LONGEST_DAYS = 250
"""Working days of a year: what takes longer is told as this."""


def forecast(waiting: int, answered: int, working_days: int) -> int | None:
    """Return in how many working days one more idea is answered, None where that is unknown.

    By Little's law what waits in a steady queue is its length by its rate: so many answers in so many working
    days (J. D. C. Little, A proof for the queuing formula L = λW, 1961).
    """
    if answered < FEWEST_ANSWERS:
        return None
    days = -(-(waiting + 1) * working_days // answered)
    return min(max(days, 1), LONGEST_DAYS)
