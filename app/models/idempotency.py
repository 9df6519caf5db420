"""Answers remembered for retries that carry an idempotency key."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from app.core.types import UtcDateTime
from app.models.columns import reference


class IdempotencyKey(SQLModel, table=True):
    """The first answer to a request; written in the transaction of the request itself."""

    __tablename__ = "idempotency_keys"

    employee_id: str = reference("employees.id", primary_key=True)
    digest: str = Field(primary_key=True, max_length=64)
    request: str = Field(max_length=64)
    status: int
    body: bytes = Field(sa_type=LargeBinary)
    etag: str | None = None
    at: datetime = Field(sa_type=UtcDateTime, index=True)
