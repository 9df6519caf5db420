"""Returns: what was measured, without what projects and prizes cost."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

_NOTHING = Decimal("0.00")


class Costs(NamedTuple):
    """What the projects of some ideas cost, in one currency."""

    ideas: int
    amount: Decimal


class Return(NamedTuple):
    """What is left in one currency; `prizes` is None where those of this figure can't be told apart from others."""

    currency: str
    measured: Decimal
    cost_ideas: int
    costs: Decimal
    prizes: Decimal | None

    @property
    def net(self) -> Decimal:
        """What was measured without all costs."""
        return self.measured - self._spent

    @property
    def roi(self) -> float | None:
        """The net amount as a fraction of all costs, None where nothing was spent."""
        return float(self.net / self._spent) if self._spent else None

    @property
    def _spent(self) -> Decimal:
        return self.costs + (self.prizes or _NOTHING)


def list_all(
    measured: Mapping[str, Decimal], costs: Mapping[str, Costs], prizes: Mapping[str, Decimal] | None
) -> list[Return]:
    """Return a return for each currency in which anything was measured or spent, by currency.

    Of what comes each year one year counts; amounts of different currencies are never added.
    """
    spent = prizes or {}
    return [
        Return(
            currency,
            measured.get(currency, _NOTHING),
            *costs.get(currency, Costs(0, _NOTHING)),
            None if prizes is None else spent.get(currency, _NOTHING),
        )
        for currency in sorted({*measured, *costs, *spent})
    ]
