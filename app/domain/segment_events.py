"""Events of segments."""

from app.domain.happenings import Happening


class SegmentThresholdSet(Happening):
    """A number in the rules of the segments was set. Subject: its name; payload: `at_least`."""

    kind = "segments.threshold-set"


class SegmentChoiceSet(Happening):
    """A person chose whether messages to a segment reach them. Subject: the person."""

    kind = "segments.choice-set"
