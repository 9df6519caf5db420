"""The rules of badges in words, in the languages of the product."""

from app.domain.badge_rules import Each, Measure, Rule
from app.domain.badges import Badge, Tier
from app.domain.translations import Counted, Translation

_M = Measure


_METALS = {
    Tier.BRONZE: Translation("bronze", "bronze"),
    Tier.SILVER: Translation("argent", "silver"),
    Tier.GOLD: Translation("or", "gold"),
}


def say_name(badge: Badge, tier: str, locale: str) -> str:
    """Return the name of a badge with its tier, `tier` being empty where it has none."""
    name = badge.name.say(locale)
    return f"{name} ({_METALS[Tier(tier)].say(locale)})" if tier else name


def _say(fr: tuple[str, str], en: tuple[str, str]) -> Counted:
    return Counted(Translation(fr[0], en[0]), Translation(fr[1], en[1]))


WORDS: dict[Measure, Counted] = {
    _M.IDEAS: _say(("Proposer {n} idée", "Proposer {n} idées"), ("Submit {n} idea", "Submit {n} ideas")),
    _M.IDEA_FUNCTIONS: _say(
        ("Proposer des idées à {n} fonction", "Proposer des idées à {n} fonctions différentes"),
        ("Submit ideas to {n} function", "Submit ideas to {n} different functions"),
    ),
    _M.IDEA_CAMPAIGNS: _say(
        ("Proposer une idée dans {n} campagne", "Proposer des idées dans {n} campagnes différentes"),
        ("Submit an idea to {n} campaign", "Submit ideas to {n} different campaigns"),
    ),
    _M.TOGETHER: _say(
        ("Proposer {n} idée écrite à plusieurs", "Proposer {n} idées écrites à plusieurs"),
        ("Submit {n} idea written together", "Submit {n} ideas written together"),
    ),
    _M.FIRST_IN_CAMPAIGN: _say(
        ("Proposer la première idée de {n} campagne", "Proposer la première idée de {n} campagnes"),
        ("Submit the first idea of {n} campaign", "Submit the first idea of {n} campaigns"),
    ),
    _M.CLARIFIED: _say(
        (
            "Répondre aux questions posées sur {n} de ses idées",
            "Répondre aux questions posées sur {n} de ses idées",
        ),
        ("Answer the questions on {n} idea of one’s own", "Answer the questions on {n} ideas of one’s own"),
    ),
    _M.RECOMMENDED: _say(
        ("Avoir {n} idée recommandée", "Avoir {n} idées recommandées"),
        ("Have {n} idea recommended", "Have {n} ideas recommended"),
    ),
    _M.SELECTED: _say(
        ("Avoir {n} idée retenue", "Avoir {n} idées retenues"),
        ("Have {n} idea selected", "Have {n} ideas selected"),
    ),
    _M.PILOT: _say(
        ("Mener {n} idée jusqu’au pilote", "Mener {n} idées jusqu’au pilote"),
        ("Carry {n} idea to a pilot", "Carry {n} ideas to a pilot"),
    ),
    _M.DEPLOYED: _say(
        ("Mener {n} idée jusqu’au déploiement", "Mener {n} idées jusqu’au déploiement"),
        ("Carry {n} idea to its deployment", "Carry {n} ideas to their deployment"),
    ),
    _M.COMMENTED: _say(
        ("Commenter {n} idée d’autres personnes", "Commenter {n} idées d’autres personnes"),
        ("Comment on {n} idea of others", "Comment on {n} ideas of others"),
    ),
    _M.COMMENTED_FUNCTIONS: _say(
        ("Commenter des idées de {n} fonction", "Commenter des idées de {n} fonctions différentes"),
        ("Comment on ideas for {n} function", "Comment on ideas for {n} different functions"),
    ),
    _M.COMMENTED_ENTITIES: _say(
        ("Commenter des idées venues de {n} entité", "Commenter des idées venues de {n} entités différentes"),
        ("Comment on ideas from {n} entity", "Comment on ideas from {n} different entities"),
    ),
    _M.OPENED: _say(
        ("Écrire le premier commentaire de {n} idée", "Écrire le premier commentaire de {n} idées"),
        ("Write the first comment on {n} idea", "Write the first comment on {n} ideas"),
    ),
    _M.CREDITED: _say(
        ("Faire évoluer {n} idée par un commentaire", "Faire évoluer {n} idées par ses commentaires"),
        ("Change {n} idea by a comment", "Change {n} ideas by comments"),
    ),
    _M.HELPED: _say(
        ("Aider à écrire {n} idée, merci reçu", "Aider à écrire {n} idées, mercis reçus"),
        ("Help to write {n} idea, and be thanked for it", "Help to write {n} ideas, and be thanked for it"),
    ),
    _M.ANSWERED: _say(
        ("Donner {n} première réponse dans les délais", "Donner {n} premières réponses dans les délais"),
        ("Give {n} first answer in time", "Give {n} first answers in time"),
    ),
    _M.VOTED: _say(
        ("Voter pour {n} idée", "Voter pour {n} idées"), ("Vote for {n} idea", "Vote for {n} ideas")
    ),
    _M.WEEKS: _say(
        ("Contribuer pendant {n} semaine", "Contribuer {n} semaines de suite"),
        ("Contribute in {n} week", "Contribute in {n} weeks in a row"),
    ),
}
"""What each measure asks for; of weeks, those in a row."""

_TOGETHER = Translation(" ; ", "; ")


def say_rule(rule: Rule, locale: str) -> str:
    """Return a rule in words."""
    if isinstance(rule, Each):
        return _TOGETHER.say(locale).join(say_rule(part, locale) for part in rule.parts)
    return WORDS[rule.measure].say(locale, rule.at_least)
