"""The catalogue of measures: what each figure means, once, for the API, the pages and whoever reads them."""

from app.domain.idea_measures import IDEAS
from app.domain.measure_definitions import MeasureDefinition
from app.domain.money_measures import MONEY
from app.domain.people_measures import PEOPLE

CATALOGUE: tuple[MeasureDefinition, ...] = PEOPLE + IDEAS + MONEY
"""Every measure that the API tells, in the order of the page."""
