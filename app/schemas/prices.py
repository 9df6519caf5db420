"""Prices on the wire: amounts of money in a currency."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from app.schemas.shapes import Answer, Request

_DECIMAL = re.compile(r"[0-9]{1,16}(\.[0-9]{1,2})?")


def _refuse_other_notations(given: object) -> object:
    # The decimals of Python take 1_000, blanks around, exponents and the digits of every script.
    if isinstance(given, bool) or (isinstance(given, str) and not _DECIMAL.fullmatch(given)):
        message = "must be a number, or a decimal as text (1250.50)"
        raise ValueError(message)
    return given


class StatedPrice(Request):
    """What something costs; `amount` is a number or a decimal as text, `currency` a code of ISO 4217."""

    amount: Annotated[
        Decimal,
        Field(ge=0, max_digits=16, decimal_places=2, allow_inf_nan=False),
        BeforeValidator(_refuse_other_notations),
    ]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]


class Price(Answer):
    """What something costs: a decimal as text, and a code of ISO 4217."""

    amount: str
    currency: str
