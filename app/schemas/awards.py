"""Awards of prizes on the wire."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from app.schemas.shapes import Answer, Filled, Identifier, Named, Request, Time

AwardStateName = Literal["waiting", "proposed", "granted", "refused", "withdrawn"]
Reason = Annotated[Filled, Field(max_length=2_000)]


class ProposeAward(Request):
    """A prize of a jury for one person, or for the authors of one idea; the reason is shown to them."""

    employee: Identifier | None = None
    idea: Identifier | None = None
    reason: Reason


class RefuseAward(Request):
    """A no to a claim or a proposal; the text is shown to who asked."""

    text: Reason


class ChooseConsent(Request):
    """Whether one wants to be named among those who received a prize."""

    shown: StrictBool


class AwardedIdea(Answer):
    """The idea that an award is for."""

    id: str
    title: str


class Award(Answer):
    """A piece of a prize on its way to somebody, for those who decide on it, oversee it or receive it.

    `points` is what a claim costs, null for the choice of a jury. `employee` and `idea` are null where the other is
    meant. `first` and `second` have said yes; `refused_by` is null where nobody did. `receipt_number` is for
    recipients and those who hand it over. `received_at` of what an anonymous idea won, and `shown`, the own consent
    to be named, are for recipients: null for others.
    """

    id: str
    prize: Named
    state: AwardStateName
    employee: Named | None
    idea: AwardedIdea | None
    points: int | None
    reason: str
    proposed_by: Named | None
    first: Named | None
    second: Named | None
    refused_by: Named | None
    refusal: str
    created_at: Time
    decided_at: Time | None
    receipt_number: str | None
    received_at: Time | None
    shown: bool | None
    can: list[str]


class PublicAward(Answer):
    """An award that everybody may see: who got it and why; of an anonymous idea `people` is always empty."""

    id: str
    people: list[Named]
    idea: AwardedIdea | None
    points: int | None
    reason: str
    granted_at: Time


class PublicAwards(Answer):
    """Who received a prize, the latest first; `given` counts also those who are not to be named."""

    given: int
    items: list[PublicAward]
    next_cursor: str | None
