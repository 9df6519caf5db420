"""Sign-in: sessions, one-time links, and what throttles guessing."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_moment, reference


class SignIn(SQLModel, table=True):
    """The fact that a person signed in interactively; *connected* means that there is one."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index("ix_sign_ins_employee_id_at", "employee_id", "at"),)

    id: str = key()
    employee_id: str = reference("employees.id")
    at: datetime = moment()


class Session(SQLModel, table=True):
    """One device on which a person is signed in.

    `generation` counts the rotations of the refresh token, which says it under a seal: nothing of the
    token is stored, and a used one is known as such however old it is.
    """

    __tablename__ = "sessions"

    id: str = key()
    employee_id: str = reference("employees.id", index=True)
    client: str = Field(default="", max_length=200)
    generation: int = 0
    rotated_at: datetime | None = optional_moment()
    started_at: datetime = moment()
    last_used_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = optional_moment()


class OneTimeLink(SQLModel, table=True):
    """An invitation or a reset, kept as a digest; `purpose` is `invitation` or `reset`."""

    __tablename__ = "one_time_links"

    id: str = key()
    employee_id: str = reference("employees.id", index=True)
    purpose: str = Field(max_length=20)
    digest: str = Field(unique=True, max_length=64)
    created_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = optional_moment()


class SignInThrottle(SQLModel, table=True):
    """Attempts on one account name from one kind of place since the last success.

    `subject` is a keyed digest, never an e-mail.
    """

    __tablename__ = "sign_in_throttles"

    subject: str = Field(primary_key=True, max_length=64)
    failures: int = 0
    first_at: datetime = moment()
    blocked_until: datetime | None = optional_moment()
