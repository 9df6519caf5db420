"""Returns: what is left of what was measured."""

from decimal import Decimal

from app.domain import returns
from app.domain.returns import Costs, Return

D = Decimal


def test_a_return_is_what_is_left_in_each_currency() -> None:
    measured = {"EUR": D(1000), "CHF": D(50)}
    costs = {"EUR": Costs(3, D(300)), "GBP": Costs(1, D(10))}
    found = returns.list_all(measured, costs, {"EUR": D(100), "USD": D(5)})
    assert [(each.currency, each.net, each.roi) for each in found] == [
        ("CHF", D(50), None),
        ("EUR", D(600), 1.5),
        ("GBP", D(-10), -1.0),
        ("USD", D(-5), -1.0),
    ]


def test_prizes_that_cannot_be_told_apart_are_not_taken_for_none() -> None:
    assert returns.list_all({"EUR": D(9)}, {"EUR": Costs(1, D(3))}, None) == [
        Return("EUR", D(9), 1, D(3), None)
    ]
    assert returns.list_all({}, {}, {}) == []
