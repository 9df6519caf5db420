"""The catalogue of badges: helping and finishing are worth more of them than posting.

A badge can be added, and a threshold changed, here alone: everybody is looked at again by the next run. A badge that is
taken out is not awarded nor shown any more; its awards stay in the table.
"""

import hashlib
from collections.abc import Iterable

from app.domain.badge_rules import Breadth, Count, Each, Measure, Rule, Streak, write_rule
from app.domain.badges import Badge, NoSuchBadge, Tier
from app.domain.translations import Translation

_M = Measure


def _once(rule: Rule) -> tuple[tuple[Tier | None, Rule], ...]:
    return ((None, rule),)


def _tiers(
    kind: type[Count | Breadth | Streak], measure: Measure, *numbers: int
) -> tuple[tuple[Tier | None, Rule], ...]:
    return tuple((tier, kind(measure, number)) for tier, number in zip(Tier, numbers, strict=True))


CATALOGUE: tuple[Badge, ...] = (
    Badge(
        "first_idea",
        Translation("Première idée", "First idea"),
        Translation("Le plus dur est fait : oser.", "The hardest part is done: daring."),
        _once(Count(_M.IDEAS, 1)),
    ),
    Badge(
        "many_hands",
        Translation("À plusieurs mains", "Many hands"),
        Translation("Une idée partagée va plus loin.", "An idea that is shared goes further."),
        _tiers(Count, _M.TOGETHER, 1, 3, 10),
    ),
    Badge(
        "wide_horizon",
        Translation("Horizon large", "Wide horizon"),
        Translation("Des idées bien au-delà de son métier.", "Ideas well beyond one’s own trade."),
        _tiers(Breadth, _M.IDEA_FUNCTIONS, 2, 4, 6),
    ),
    Badge(
        "challenger",
        Translation("De tous les défis", "Up for it"),
        Translation("Une question posée, une idée proposée.", "When there is a question, there is an idea."),
        _tiers(Breadth, _M.IDEA_CAMPAIGNS, 2, 4, 8),
    ),
    Badge(
        "scout",
        Translation("En éclaireur", "Scout"),
        Translation("Quelqu’un doit bien commencer.", "Somebody has to begin."),
        _once(Count(_M.FIRST_IN_CAMPAIGN, 1)),
    ),
    Badge(
        "clear_words",
        Translation("Réponse à tout", "Clear words"),
        Translation(
            "Une question éclaircie rapproche d’une décision.",
            "An answered question brings a decision closer.",
        ),
        _tiers(Count, _M.CLARIFIED, 1, 3, 10),
    ),
    Badge(
        "convincing",
        Translation("Force de conviction", "Convincing"),
        Translation("Les spécialistes y croient.", "Those who know the matter believe in it."),
        _tiers(Count, _M.RECOMMENDED, 1, 3, 10),
    ),
    Badge(
        "chosen",
        Translation("Idée retenue", "Chosen"),
        Translation("Le comité a dit oui.", "The committee said yes."),
        _tiers(Count, _M.SELECTED, 1, 3, 10),
    ),
    Badge(
        "take_off",
        Translation("Décollage", "Take-off"),
        Translation("L’idée est essayée pour de vrai.", "The idea is tried in real life."),
        _tiers(Count, _M.PILOT, 1, 2, 5),
    ),
    Badge(
        "made_real",
        Translation("Devenue réalité", "Made real"),
        Translation("L’entreprise travaille autrement.", "The company works differently now."),
        _tiers(Count, _M.DEPLOYED, 1, 2, 5),
    ),
    Badge(
        "first_word",
        Translation("Premier mot", "First word"),
        Translation("Le dialogue commence.", "The conversation begins."),
        _once(Count(_M.COMMENTED, 1)),
    ),
    Badge(
        "good_company",
        Translation("De bonne compagnie", "Good company"),
        Translation("Les idées aiment être discutées.", "Ideas like to be talked about."),
        _tiers(Count, _M.COMMENTED, 10, 50, 200),
    ),
    Badge(
        "ice_breaker",
        Translation("Brise-glace", "Ice breaker"),
        Translation("Aucune idée ne reste sans écho.", "No idea stays without an echo."),
        _tiers(Count, _M.OPENED, 3, 10, 30),
    ),
    Badge(
        "bridge",
        Translation("Trait d’union", "Bridge"),
        Translation(
            "Des liens d’un bout à l’autre de l’entreprise.", "Ties from one end of the company to the other."
        ),
        _tiers(Breadth, _M.COMMENTED_ENTITIES, 3, 6, 12),
    ),
    Badge(
        "open_mind",
        Translation("Esprit ouvert", "Open mind"),
        Translation("La curiosité n’a pas de service.", "Curiosity belongs to no department."),
        _tiers(Breadth, _M.COMMENTED_FUNCTIONS, 3, 5, 8),
    ),
    Badge(
        "turning_point",
        Translation("Le tournant", "Turning point"),
        Translation("Un commentaire qui a changé une idée.", "A comment that changed an idea."),
        _tiers(Count, _M.CREDITED, 1, 5, 20),
    ),
    Badge(
        "helping_hand",
        Translation("Coup de main", "Helping hand"),
        Translation("Une idée d’autrui, mieux écrite.", "Somebody else’s idea, written better."),
        _tiers(Count, _M.HELPED, 1, 5, 20),
    ),
    Badge(
        "promise_kept",
        Translation("Parole tenue", "Promise kept"),
        Translation("Une première réponse, dans les délais.", "A first answer, in time."),
        _once(Count(_M.ANSWERED, 1)),
    ),
    Badge(
        "on_time",
        Translation("À l’heure", "On time"),
        Translation("Chaque idée mérite une réponse.", "Every idea deserves an answer."),
        _tiers(Count, _M.ANSWERED, 10, 50, 200),
    ),
    Badge(
        "steady",
        Translation("Au long cours", "Steady"),
        Translation("Un peu, chaque semaine.", "A little, every week."),
        _tiers(Streak, _M.WEEKS, 4, 12, 26),
    ),
    Badge(
        "voice",
        Translation("Voix qui compte", "A voice that counts"),
        Translation("Chaque vote aide à choisir.", "Each vote helps to choose."),
        _tiers(Count, _M.VOTED, 10, 50, 250),
    ),
    Badge(
        "all_round",
        Translation("Sur tous les fronts", "All-round"),
        Translation("Proposer, discuter, aider.", "Propose, discuss, help."),
        _once(
            Each(
                (
                    Count(_M.IDEAS, 1),
                    Count(_M.COMMENTED, 5),
                    Count(_M.CREDITED, 1),
                    Count(_M.HELPED, 1),
                )
            )
        ),
    ),
)
"""All badges, in the order in which they are shown."""

_BY_KEY = {badge.key: badge for badge in CATALOGUE}


def find_badge(key: str) -> Badge | None:
    """Return a badge, None where the catalogue has it no more."""
    return _BY_KEY.get(key)


def get_badge(key: str) -> Badge:
    """Return a badge.

    Raises: NoSuchBadge.
    """
    badge = find_badge(key)
    if badge is None:
        raise NoSuchBadge
    return badge


def describe(catalogue: Iterable[Badge]) -> str:
    """Return a digest of all rules of a catalogue: another one says that everybody has to be looked at again."""
    rules = "\n".join(
        f"{badge.key} {tier or ''} {write_rule(rule)}" for badge in catalogue for tier, rule in badge.tiers
    )
    return hashlib.sha256(rules.encode()).hexdigest()
