"""Exports: what left the application as a file, who had it made and why."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, reference

_UNDER_WAY = text("state IN ('waiting', 'running')")


class ExportRecord(SQLModel, table=True):
    """One export; its row stays when its file goes.

    `streamed` is one that was answered at once, without a file of its own. `state` is `domain.exports.ExportState`.
    `told_at` is when whoever makes it last said that it goes on. `size` are bytes, `checksum` the SHA-256 of the file
    and `data_checksum` that of its rows.
    """

    __tablename__ = "export_records"
    __table_args__ = (
        Index("ix_export_records_created_at_id", "created_at", "id"),
        Index("ix_export_records_employee_id_created_at_id", "employee_id", "created_at", "id"),
        Index("ix_export_records_under_way", "told_at", sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY),
    )

    id: str = key()
    employee_id: str = reference("employees.id")
    what: str = Field(max_length=20)
    format: str = Field(max_length=10)
    filters: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reason: str = ""
    streamed: bool = False
    state: str = Field(default="waiting", max_length=10)
    attempts: int = 0
    rows: int = Field(default=0, sa_type=BigInteger)
    size: int = Field(default=0, sa_type=BigInteger)
    checksum: str = Field(default="", max_length=64)
    data_checksum: str = Field(default="", max_length=64)
    created_at: datetime = moment()
    told_at: datetime = moment()
    ended_at: datetime | None = optional_moment()
    kept_until: datetime | None = optional_moment()
