"""Moderation: reports hide nothing by themselves; a moderator decides with a reason, and another one on appeal."""

from enum import StrEnum

from app.domain.errors import Conflict, Forbidden, NotFound, TooMany

MIN_TEXT = 20
"""Least length of the text that explains a decision or an appeal, in characters."""

LANGUAGES = frozenset({"fr", "en"})
"""Languages with a list of words."""

PER_DAY = 20
"""Reports that one person may make in a day of the company's time zone."""


class Content(StrEnum):
    """What can be reported."""

    IDEA = "idea"
    COMMENT = "comment"


class Reason(StrEnum):
    """Why something is reported or hidden."""

    INSULT = "insult"
    HARASSMENT = "harassment"
    DISCRIMINATION = "discrimination"
    PERSONAL_DATA = "personal_data"
    CONFIDENTIAL = "confidential"
    ILLEGAL = "illegal"
    SPAM = "spam"
    OTHER = "other"


class State(StrEnum):
    """Where a case stands; `gathering` is one with too few reports for anybody to look at."""

    GATHERING = "gathering"
    OPEN = "open"
    KEPT = "kept"
    HIDDEN = "hidden"
    APPEALED = "appealed"
    RESTORED = "restored"


class Action(StrEnum):
    """What a moderator decides."""

    HIDE = "hide"
    KEEP = "keep"
    RESTORE = "restore"


WAITING = frozenset({State.OPEN, State.APPEALED})
"""States in which somebody has to decide."""

AWAY = frozenset({State.HIDDEN, State.APPEALED})
"""States in which the content is not shown."""

_DECIDED: dict[State, dict[Action, State]] = {
    State.OPEN: {Action.HIDE: State.HIDDEN, Action.KEEP: State.KEPT},
    State.HIDDEN: {Action.RESTORE: State.RESTORED},
    State.APPEALED: {Action.HIDE: State.HIDDEN, Action.RESTORE: State.RESTORED},
}


class NoSuchCase(NotFound):
    """There is no such case, or none that you may know of."""

    code = "moderation.unknown"


class NoSuchLanguage(NotFound):
    """There is no list of words in this language."""

    code = "moderation.no-such-language"


class NotPossible(Conflict):
    """This decision does not fit where the case stands."""

    code = "moderation.not-possible"


class OwnContent(Forbidden):
    """You wrote this yourself: edit it, or take it back."""

    code = "reports.own"


class ReportedBefore(Conflict):
    """You have reported this already."""

    code = "reports.before"


class NothingToReport(Conflict):
    """There is nothing to read here: it was taken back or hidden."""

    code = "reports.nothing"


class TooManyReports(TooMany):
    """That is all that one person can report in a day; come back tomorrow."""

    code = "reports.too-many"


class HiddenContent(Conflict):
    """This was hidden by a moderator: it can't be changed, but you may appeal."""

    code = "moderation.hidden"


class NotAppealable(Conflict):
    """Only what is hidden can be appealed, and once."""

    code = "moderation.not-appealable"


def list_actions(state: str) -> list[Action]:
    """Return what can be decided where a case stands."""
    return list(_DECIDED.get(State(state), {}))


def decide(state: str, action: str) -> State:
    """Return where a decision leads.

    Raises: NotPossible.
    """
    led = _DECIDED.get(State(state), {}).get(Action(action))
    if led is None:
        raise NotPossible
    return led


def check_language(language: str) -> None:
    """Let pass a language with a list of words.

    Raises: NoSuchLanguage.
    """
    if language not in LANGUAGES:
        raise NoSuchLanguage


def check_shown(hidden_code: str | None) -> None:
    """Let pass a change of something that is not hidden.

    Raises: HiddenContent.
    """
    if hidden_code is not None:
        raise HiddenContent


def write_placeholder(reason: str) -> str:
    """Return what everybody reads in the place of hidden content, the same for all with a reason."""
    return f"[hidden: {reason}]"
