"""Sign-in: sessions, their refresh tokens, one-time links, and what throttles guessing."""

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
    """One device on which a person is signed in."""

    __tablename__ = "sessions"

    id: str = key()
    employee_id: str = reference("employees.id", index=True)
    client: str = Field(default="", max_length=200)
    started_at: datetime = moment()
    last_used_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = optional_moment()


class RefreshToken(SQLModel, table=True):
    """A refresh token, kept as a digest; used once, its reuse ends the whole session."""

    __tablename__ = "refresh_tokens"

    id: str = key()
    session_id: str = reference("sessions.id", index=True, cascade=True)
    digest: str = Field(unique=True, max_length=64)
    issued_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = optional_moment()


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
    """Failed sign-ins of one account name from one kind of place; `subject` is a keyed digest, never an e-mail."""

    __tablename__ = "sign_in_throttles"

    subject: str = Field(primary_key=True, max_length=64)
    failures: int = 0
    first_at: datetime = moment()
    blocked_until: datetime | None = optional_moment()
