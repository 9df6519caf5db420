"""Events of the clock: calendars, policies, absences, capacities."""

from app.domain.happenings import Happening


class CalendarChanged(Happening):
    """A working calendar was changed. Subject: the calendar; payload: `change`."""

    kind = "calendars.changed"


class EntityCalendarSet(Happening):
    """A unit works by another calendar. Subject: the entity; payload: `calendar`."""

    kind = "entities.calendar-set"


class ClockPolicySet(Happening):
    """How the clock runs in a stage was set. Subject: the stage; payload: the working days."""

    kind = "clock-policies.set"


class AbsenceSet(Happening):
    """A person said when they are away, or that they are not. Subject: the person."""

    kind = "absences.set"


class CapacitySet(Happening):
    """How many open reviews a person takes was set. Subject: the person; payload: `reviews`."""

    kind = "capacities.set"
