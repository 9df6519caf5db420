"""Telling what figures mean, in the language of whoever reads them."""

from app.domain import permissions
from app.domain.actors import Actor
from app.domain.catalogue import CATALOGUE
from app.domain.permissions import Permission
from app.schemas.figures import Measure


def list_measures(actor: Actor, locale: str) -> list[Measure]:
    """Return the catalogue of measures; no statement.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.STATISTICS_READ)
    return [
        Measure.model_validate(
            {
                "key": each.key,
                "name": each.name.say(locale),
                "definition": each.definition.say(locale),
                "numerator": each.numerator.say(locale),
                "denominator": None if each.denominator is None else each.denominator.say(locale),
                "unit": each.unit.value,
                "as_of": each.as_of.say(locale),
                "where": each.where,
                "by": [by.value for by in each.by],
            }
        )
        for each in CATALOGUE
    ]
