"""Setting the fields of a campaign, and answering them in an idea; no answer is ever lost."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import field_answers, fields
from app.domain.fields import Definition, FieldMissing, UnknownField
from app.models.fields import CampaignField, FieldValue
from app.models.ideas import Idea
from app.queries.fields import list_current
from app.schemas.fields import SetField


async def define(
    session: WriteSession, campaign_id: str, wanted: Sequence[SetField], *, now: datetime
) -> None:
    """Set the fields of a campaign, in their order.

    A field keeps its answers for good. One that is left out is retired, and so is one that changes its kind: another
    takes its key. One that comes back is the former one, with its answers.

    Raises: FieldNotRight.
    """
    definitions = [
        Definition(
            each.key,
            each.kind,
            each.labels.model_dump(),
            [choice.model_dump() for choice in each.choices],
            each.unit,
            each.required,
        )
        for each in wanted
    ]
    fields.check_definitions(definitions)
    known = await session.scalars(
        select(CampaignField)
        .where(col(CampaignField.campaign_id) == campaign_id)
        .order_by(col(CampaignField.retired_at).is_(None), col(CampaignField.retired_at))
    )
    by_name = {(field.key, field.kind): field for field in known}
    kept = {(each.key, each.kind) for each in definitions}
    for name, field in by_name.items():
        if name not in kept and field.retired_at is None:
            field.retired_at = now
    # The key of one that is retired is free before another takes it.
    await session.flush()
    for position, each in enumerate(definitions):
        field = by_name.get((each.key, each.kind)) or CampaignField(
            campaign_id=campaign_id, key=each.key, kind=each.kind, labels={}
        )
        session.add(field)
        field.labels, field.unit, field.required = each.labels, each.unit, each.required
        field.choices = fields.merge_choices(field.choices, each.choices)
        field.position, field.retired_at = position, None
    await session.flush()


async def answer(session: WriteSession, idea: Idea, given: Mapping[str, object]) -> None:
    """Answer fields of the campaign of an idea; what is not given stays, and null takes an answer back.

    Raises: UnknownField, AnswerNotRight; FieldMissing where a required answer of a submitted idea is taken back.
    """
    if not given:
        return
    asked = {field.key: field for field in await list_current(session, idea.campaign_id)}
    rows: list[FieldValue] = []
    for key, value in given.items():
        if key not in asked:
            raise UnknownField.at(fields.point_at(key))
        field, kept = asked[key], field_answers.read_answer(asked[key], value)
        if not kept and field.required and idea.submitted_at is not None:
            raise FieldMissing.at(fields.point_at(key))
        rows += [
            FieldValue(
                idea_id=idea.id, field_id=field.id, place=place, value=text, folded=field_answers.fold(text)
            )
            for place, text in enumerate(kept)
        ]
    answered = [asked[key].id for key in given]
    await session.execute(
        delete(FieldValue).where(col(FieldValue.idea_id) == idea.id, col(FieldValue.field_id).in_(answered))
    )
    session.add_all(rows)
    await session.flush()


async def check_complete(session: WriteSession, idea: Idea) -> None:
    """Let pass an idea that answers all that its campaign requires.

    Raises: FieldMissing, naming each field.
    """
    asked = await list_current(session, idea.campaign_id)
    if not any(field.required for field in asked):
        return
    answered = await session.scalars(
        select(col(CampaignField.key))
        .join(FieldValue, col(FieldValue.field_id) == col(CampaignField.id))
        .where(col(FieldValue.idea_id) == idea.id, col(CampaignField.retired_at).is_(None))
    )
    refusal = fields.find_missing(asked, answered)
    if refusal is not None:
        raise refusal
