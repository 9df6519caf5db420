"""Reading what campaigns ask for, and what ideas say in it."""

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import field_answers
from app.models.fields import CampaignField, FieldValue
from app.models.ideas import Idea
from app.schemas.fields import CampaignField as ShownField
from app.schemas.fields import Choice, IdeaField, Labels


async def list_current(session: ReadSession, campaign_id: str) -> Sequence[CampaignField]:
    """Return the fields that a campaign asks for now, in their order."""
    found = await session.scalars(
        select(CampaignField)
        .where(col(CampaignField.campaign_id) == campaign_id, col(CampaignField.retired_at).is_(None))
        .order_by(col(CampaignField.position), col(CampaignField.id))
    )
    return found.all()


def show(field: CampaignField) -> ShownField:
    """Return a field as people are asked for it."""
    return ShownField.model_validate(
        {
            "key": field.key,
            "kind": field.kind,
            "labels": field.labels,
            "required": field.required,
            "unit": field.unit,
            "choices": [
                {"key": each["key"], "labels": each["labels"]}
                for each in field.choices
                if not each.get("retired")
            ],
        }
    )


def select_answers(idea_id: ColumnElement[str]) -> Select[Any]:
    """Return the statement of what an idea says in the fields of its campaign, a row for each value."""
    statement: Select[Any] = (
        select(
            col(FieldValue.field_id),
            col(CampaignField.key),
            col(CampaignField.kind),
            col(CampaignField.labels),
            col(CampaignField.choices),
            col(CampaignField.unit),
            col(CampaignField.retired_at).is_not(None),
            col(FieldValue.value),
        )
        .join(CampaignField, col(CampaignField.id) == col(FieldValue.field_id))
        .join(Idea, col(Idea.id) == col(FieldValue.idea_id))
        .where(
            col(FieldValue.idea_id) == idea_id,
            # A draft that went to another campaign keeps what it said in this one, for its way back.
            col(CampaignField.campaign_id) == col(Idea.campaign_id),
        )
        .order_by(
            col(CampaignField.retired_at).is_not(None),
            col(CampaignField.position),
            col(FieldValue.field_id),
            col(FieldValue.place),
        )
    )
    return statement


def shape_answers(rows: Iterable[Sequence[Any]]) -> list[IdeaField]:
    """Return the answers of an idea from the rows of `select_answers`, JSON in them read or not."""
    shown = []
    for _, several in groupby(rows, key=lambda row: row[0]):
        answers = list(several)
        _, key, kind, labels, choices, unit, retired, _ = answers[0]
        kept = [row[-1] for row in answers]
        named = {choice["key"]: choice["labels"] for choice in _read(choices)}
        shown.append(
            IdeaField.model_construct(
                key=key,
                kind=kind,
                labels=Labels(**_read(labels)),
                unit=unit,
                value=field_answers.show_answer(kind, kept),
                chosen=[Choice(key=each, labels=Labels(**named[each])) for each in kept if each in named],
                retired=bool(retired),
            )
        )
    return shown


def _read(found: Any) -> Any:
    return json.loads(found) if isinstance(found, str) else found


def match(identifier: Any, number: int) -> ColumnElement[bool]:
    """Return the condition that an idea answers a field of the campaign that the feed is narrowed to.

    Binds `by_campaign`, and of this number `field_key`, `field_text` and `field_number`.
    """
    answered = (
        select(col(FieldValue.idea_id))
        .join(CampaignField, col(CampaignField.id) == col(FieldValue.field_id))
        .where(
            col(CampaignField.campaign_id) == bindparam("by_campaign", type_=String()),
            col(CampaignField.key) == bindparam(f"field_key_{number}", type_=String()),
            col(FieldValue.folded).in_(
                [
                    bindparam(f"field_text_{number}", type_=String()),
                    bindparam(f"field_number_{number}", type_=String()),
                ]
            ),
        )
    )
    matching: ColumnElement[bool] = identifier.in_(answered)
    return matching


def list_values(asked: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return what `match` binds for each key and text that is asked for."""
    values: dict[str, str] = {}
    for number, (key, text) in enumerate(asked):
        folded, as_number = field_answers.fold_asked(text)
        values |= {
            f"field_key_{number}": key,
            f"field_text_{number}": folded,
            f"field_number_{number}": as_number,
        }
    return values
