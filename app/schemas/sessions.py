"""Signing in, sessions, passwords and one-time links on the wire."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from app.core.characters import is_storable
from app.schemas.shapes import Answer, Request, Time


def _refuse_no_text(text: str) -> str:
    if not is_storable(text):
        message = "must be text without NUL"
        raise ValueError(message)
    return text


Plain = Annotated[str, AfterValidator(_refuse_no_text)]
Password = Annotated[Plain, Field(min_length=1, max_length=1_000)]
Ignored = Annotated[Plain, Field(max_length=1_000)]


class SignIn(Request):
    """The password form of OAuth 2 (RFC 6749, 4.3.2); `username` is the e-mail address.

    `device` is what an earlier answer gave: guessing by others does not slow such a device down. Scope and
    client are taken and not looked at.
    """

    username: Annotated[Plain, Field(min_length=1, max_length=320)]
    password: Password
    grant_type: Literal["password"] = "password"
    device: Annotated[Plain, Field(max_length=200)] = ""
    scope: Ignored = ""
    client_id: Ignored = ""
    client_secret: Ignored = ""


class Refresh(Request):
    """A refresh token, to be exchanged for the next one."""

    refresh_token: Annotated[str, Field(min_length=1, max_length=200)]


class Tokens(Answer):
    """An access token, the seconds that it lasts, and the token that gives the next ones."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"]
    expires_in: int


class SignInTokens(Tokens):
    """The tokens of a fresh session; `device` is sent with the next sign-in from the same place."""

    device: str


class SessionSummary(Answer):
    """One of the reader's sessions; `client` is what the client calls itself."""

    id: str
    client: str
    started_at: Time
    last_used_at: Time
    expires_at: Time
    current: bool


class ChangePassword(Request):
    """The present password and the next."""

    current: Password
    new: Annotated[str, Field(min_length=1, max_length=1_000)]


class SetPassword(Request):
    """A password, set by who holds a one-time link; `link` is what stands after the # of its address."""

    link: Annotated[str, Field(min_length=1, max_length=200)]
    password: Annotated[str, Field(min_length=1, max_length=1_000)]


class IssueLink(Request):
    """What a link is for; left out, an invitation for who has no password yet, else a reset."""

    purpose: Literal["invitation", "reset"] | None = None


class IssuedLink(Answer):
    """A one-time link, shown this once."""

    link: str
    purpose: Literal["invitation", "reset"]
    expires_at: Time
