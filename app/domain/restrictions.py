"""Restrictions: ideas that only their authors and the few readers of a lane may know of, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.domain import decisions, permissions
from app.domain.actors import Actor
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.permissions import Permission
from app.domain.pipeline import OPEN_STAGES, Stage

MIN_TEXT = 20
"""Least length of the text that explains an act of the lane, in characters."""


class RestrictionKind(StrEnum):
    """Why an idea is not for everybody."""

    PERSONAL_DATA = "personal-data"
    REPORT_OF_WRONGDOING = "report-of-wrongdoing"
    INVENTION = "invention"


class Answer(StrEnum):
    """What a reader or an author of a restricted idea does with it."""

    ACKNOWLEDGE = "acknowledge"
    CLOSE = "close"
    LIFT = "lift"
    WITHDRAW = "withdraw"


class State(StrEnum):
    """Where a restriction stands; an idea that is `closed` or `withdrawn` stays restricted, and waits for nobody."""

    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class Texts:
    """What the author of a restricted idea reads, in one language; `contact` names a role, never a person."""

    name: str
    why: str
    elsewhere: str
    contact: str
    unreachable: str


_UNREACHABLE = {
    "en": "Your company has not said here how to reach them: ask where you find its contacts, not in this idea box.",
    "fr": (
        "Votre entreprise n'a pas indiqué ici comment les joindre : cherchez parmi ses contacts, pas dans cette "
        "boîte à idées."
    ),
}

TEXTS: Mapping[RestrictionKind, Mapping[str, Texts]] = {
    RestrictionKind.PERSONAL_DATA: {
        "en": Texts(
            "Personal data",
            "It says things about people who can be recognised. Whoever does not need to know them is not to read "
            "them (GDPR, article 5: data minimisation, confidentiality), so that only a few people may.",
            "The data protection officer answers questions about personal data and is bound to secrecy (article 38). "
            "You may also complain to the supervisory authority of your country (article 77).",
            "the data protection officer",
            _UNREACHABLE["en"],
        ),
        "fr": Texts(
            "Données personnelles",
            "Elle parle de personnes que l'on peut reconnaître. Qui n'a pas besoin de ces données n'a pas à les lire "
            "(RGPD, article 5 : minimisation, confidentialité) ; seules quelques personnes le peuvent donc.",
            "Le délégué à la protection des données répond aux questions sur ces données et est tenu au secret "
            "(article 38). Vous pouvez aussi saisir l'autorité de contrôle de votre pays (article 77).",
            "le délégué à la protection des données",
            _UNREACHABLE["fr"],
        ),
    },
    RestrictionKind.REPORT_OF_WRONGDOING: {
        "en": Texts(
            "Report of wrongdoing",
            "It reports a wrong. Who reports one, and who is named in it, is known only to those whom the company "
            "has named to receive reports (Directive (EU) 2019/1937, articles 9 and 16); others are not to read it.",
            "An idea box is not a reporting channel, and what is written here may not give you the protection of a "
            "report. Use your company's internal reporting channel (articles 8 and 9), which acknowledges a report "
            "within seven days and answers within three months; or report to the authority that your country has "
            "named (article 10), after that or at once.",
            "whoever receives reports of wrongdoing",
            _UNREACHABLE["en"],
        ),
        "fr": Texts(
            "Signalement",
            "Elle signale un manquement. L'identité de qui signale, et de qui est mis en cause, n'est connue que des "
            "personnes désignées pour recueillir les signalements (directive (UE) 2019/1937, articles 9 et 16) ; "
            "les autres n'ont pas à la lire.",
            "Une boîte à idées n'est pas un canal de signalement, et ce qui y est écrit peut ne pas vous donner la "
            "protection d'un signalement. Utilisez le canal interne de votre entreprise (articles 8 et 9), qui "
            "accuse réception sous sept jours et répond sous trois mois ; ou l'autorité que votre pays a désignée "
            "(article 10), ensuite ou directement.",
            "la personne qui recueille les signalements",
            _UNREACHABLE["fr"],
        ),
    },
    RestrictionKind.INVENTION: {
        "en": Texts(
            "Invention",
            "It may be an invention. What was made available to the public before a patent is asked for is no longer "
            "new (European Patent Convention, article 54), so that few people read it until that is settled.",
            "To whom an employee's invention belongs, what has to be declared to the employer and what is paid for "
            "it is for the law of the country where you mainly work (article 60). Whoever looks after patents in "
            "your company tells you how to declare it; a patent attorney of your own can advise you.",
            "whoever looks after patents",
            _UNREACHABLE["en"],
        ),
        "fr": Texts(
            "Invention",
            "C'est peut-être une invention. Ce qui a été rendu accessible au public avant le dépôt d'un brevet n'est "
            "plus nouveau (Convention sur le brevet européen, article 54) ; peu de personnes la lisent donc "
            "tant que ce n'est pas réglé.",
            "À qui appartient l'invention d'un salarié, ce qu'il doit déclarer à son employeur et ce qui lui est "
            "dû relève de la loi du pays où il travaille principalement (article 60). Qui s'occupe des brevets dans "
            "votre entreprise vous dit comment la déclarer ; un conseil en propriété industrielle peut vous aider.",
            "la personne qui s'occupe des brevets",
            _UNREACHABLE["fr"],
        ),
    },
}
"""What the author is told: why few people may read the idea, and where else to turn."""


class Restrictable(Protocol):
    """What the rules need to know of an idea."""

    stage: str
    anonymous: bool
    restriction: str | None
    holder_id: str | None


class Restricted(Protocol):
    """What the rules need to know of a restriction; a table row fits by its shape."""

    state: str
    by_author: bool
    former_stage: str

    @property
    def acknowledged_at(self) -> datetime | None:
        """When a reader answered first."""


class NoSuchLane(NotFound):
    """There is no such lane for restricted ideas."""

    code = "restrictions.unknown-kind"


class NotRestricted(NotFound):
    """This idea is not restricted."""

    code = "restrictions.unknown"


class NotYoursToRestrict(Forbidden):
    """An idea is restricted by its authors, by whoever has it in their queue, or by a moderator."""

    code = "restrictions.not-yours"


class AlreadyRestricted(Conflict):
    """The idea is restricted: that ends before anything else is done with it."""

    code = "restrictions.restricted"


class NotPossible(Conflict):
    """This does not fit where the restriction stands, or who you are to it."""

    code = "restrictions.not-possible"


class NotADraft(Invalid):
    """A draft is known to its authors alone: restrict it when you hand it in."""

    code = "restrictions.draft"


class TextMissing(Invalid):
    """Say in a few words why: the authors read it."""

    code = "restrictions.text-missing"


class NoSuchReader(Invalid):
    """Only active employees can read a lane."""

    code = "restrictions.no-such-reader"


def get_kind(name: str) -> RestrictionKind:
    """Return a kind by its name.

    Raises: NoSuchLane.
    """
    try:
        return RestrictionKind(name)
    except ValueError as error:
        raise NoSuchLane from error


def check_free(restriction: str | None) -> None:
    """Let pass a change of an idea that is not restricted.

    Raises: AlreadyRestricted.
    """
    if restriction is not None:
        raise AlreadyRestricted


def check_hand(actor: Actor, idea: Restrictable, *, is_author: bool, conflicted: bool) -> None:
    """Let pass an author, the holder, and of an idea with names a moderator.

    On an anonymous idea everybody else gets the same refusal, conflicted or not.

    Raises: NotYoursToRestrict, Conflicted.
    """
    if is_author:
        return
    if conflicted:
        raise NotYoursToRestrict if idea.anonymous else decisions.Conflicted
    holds = idea.holder_id == actor.id and idea.stage in OPEN_STAGES
    moderates = permissions.may(actor, Permission.MODERATION_DECIDE) and not idea.anonymous
    if not holds and not (moderates and idea.stage != Stage.DRAFT):
        raise NotYoursToRestrict


def may_restrict(actor: Actor, idea: Restrictable, *, is_author: bool, conflicted: bool) -> bool:
    """Tell whether somebody may restrict an idea now."""
    if idea.restriction is not None:
        return False
    try:
        check_hand(actor, idea, is_author=is_author, conflicted=conflicted)
    except Forbidden:
        return False
    return True


def list_answers(restriction: Restricted, *, is_author: bool) -> list[Answer]:
    """Return what somebody who knows of a restriction can do with it now; an author is never its reader."""
    if restriction.state == State.LIFTED:
        return []
    waits = restriction.state == State.OPEN
    if is_author:
        return [Answer.WITHDRAW] if waits else []
    able = [Answer.ACKNOWLEDGE] if waits and restriction.acknowledged_at is None else []
    able += [Answer.CLOSE] if waits else []
    # What its authors took back is not to be shown to everybody.
    return able + ([Answer.LIFT] if restriction.state != State.WITHDRAWN else [])


def answer(restriction: Restricted, given: str, text: str, *, is_author: bool) -> State:
    """Return where an answer leads; whoever lifts or closes says why.

    What its own author restricted before anybody else knew of it goes back to them when they withdraw it. Every
    other idea stays restricted then: as a withdrawn idea everybody would read it.

    Raises: NotPossible, TextMissing.
    """
    if given not in list_answers(restriction, is_author=is_author):
        raise NotPossible
    if given in (Answer.CLOSE, Answer.LIFT) and len(text.strip()) < MIN_TEXT:
        raise TextMissing.at("/text")
    if given == Answer.WITHDRAW:
        own = restriction.by_author and restriction.former_stage == Stage.DRAFT
        return State.LIFTED if own else State.WITHDRAWN
    return {Answer.ACKNOWLEDGE: State.OPEN, Answer.CLOSE: State.CLOSED, Answer.LIFT: State.LIFTED}[
        Answer(given)
    ]
