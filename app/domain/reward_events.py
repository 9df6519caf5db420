"""Events about points: what a contribution is worth."""

from app.domain.happenings import Happening


class PointRuleChanged(Happening):
    """What a contribution is worth was changed for the days to come. Subject: the rule; payload: what, `from`."""

    kind = "point-rules.changed"
