"""Telling who is asking: a verified token whose sign-in still stands."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.core.db import Database
from app.core.security.tokens import CLOCK_SKEW, InvalidToken, TokenVerifier
from app.domain.actors import Actor
from app.domain.errors import Unauthenticated
from app.services.sign_in_states import Person, SignInStates

DEVELOPMENT_SESSION = "development"
"""Session of tokens made by `ideabox dev token`; accepted in development only, backed by no row."""

REMEMBERED = 16_384
"""Tokens remembered, some 600 bytes each; beyond that the one unused for longest is forgotten."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class SignInRequired(Unauthenticated):
    """Sign in first: the token is missing, has expired, or its session has ended."""

    code = "auth.required"


@dataclass(slots=True)
class _Known:
    """An authentic token, and the state of its sign-in as it was last read: `actor` is None when it fell."""

    person: tuple[str, str]
    starts_at: datetime
    ends_at: datetime
    trusted_until: float = 0.0
    epoch: int = -1
    actor: Actor | None = None


class Authenticator:
    """Remembers verified tokens and, for a moment, the state of their sign-ins: most requests cost microseconds.

    The state is forgotten after `state_seconds`, which is how soon a revocation, a deactivation or a change
    of roles holds in every process; in this process `forget` makes it hold at once. Only tokens with our own
    signature are remembered, by their digests. Their times count at every use, and a token that was seen
    expired stays so when the clock is set back, for as long as it is remembered.
    """

    def __init__(
        self,
        database: Database,
        verifier: TokenVerifier,
        *,
        state_seconds: float,
        development: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._states = SignInStates(database, held=state_seconds, clock=clock)
        self._verifier = verifier
        self._state_seconds = state_seconds
        self._development = development
        self._clock = clock
        self._epoch = 0
        self._known: dict[bytes, _Known] = {}

    def recall(self, token: str, now: datetime) -> Actor | None:
        """Return who a bearer token stands for when that was found out a moment ago; else None, and nothing is said.

        Some two microseconds, without a statement. Whoever gets None asks `authenticate`.
        """
        known = self._known.get(_digest(token))
        return self._trust(known, now) if known is not None else None

    async def authenticate(self, token: str | None, now: datetime) -> Actor:
        """Return who a bearer token stands for.

        Reads the states of sign-ins together for everybody who asks at the same time.

        Raises: SignInRequired, DatabaseAway.
        """
        if token is None:
            raise SignInRequired
        known = self._learn(token)
        if now >= known.ends_at:
            known.ends_at = _LONG_AGO
        if not known.starts_at <= now < known.ends_at:
            raise SignInRequired
        actor = self._trust(known, now)
        if actor is None and self._is_fresh(known):
            raise SignInRequired
        actor = actor or await self._read(known, now)
        if actor is None:
            raise SignInRequired
        return actor

    def find_end(self, token: str) -> datetime:
        """Return until when an authentic token may be used, whatever becomes of its sign-in.

        Raises: SignInRequired.
        """
        return self._learn(token).ends_at

    def forget(self) -> None:
        """Forget the state of every sign-in: a session, a person or a role changed in this process."""
        self._epoch += 1
        self._states.forget()

    def _trust(self, known: _Known, now: datetime) -> Actor | None:
        return known.actor if self._is_fresh(known) and known.starts_at <= now < known.ends_at else None

    def _is_fresh(self, known: _Known) -> bool:
        return known.epoch == self._epoch and self._clock() < known.trusted_until

    def _learn(self, token: str) -> _Known:
        key = _digest(token)
        known = self._known.pop(key, None)
        if known is None:
            try:
                claims = self._verifier.read(token)
            except InvalidToken as error:
                raise SignInRequired from error
            known = _Known(
                (claims.employee_id, claims.session_id),
                datetime.fromtimestamp(max(claims.issued_at, claims.not_before), UTC) - CLOCK_SKEW,
                datetime.fromtimestamp(claims.expires_at, UTC),
            )
        self._known[key] = known  # again the last of all: the first one is unused for longest
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        return known

    async def _read(self, known: _Known, now: datetime) -> Actor | None:
        epoch = self._epoch
        person = self._find_person(known)
        actor, began = (None, self._clock()) if person is None else await self._states.read(person, now)
        known.actor, known.trusted_until, known.epoch = actor, began + self._state_seconds, epoch
        return actor

    def _find_person(self, known: _Known) -> Person | None:
        employee_id, session_id = known.person
        if session_id != DEVELOPMENT_SESSION:
            return employee_id, session_id
        return (employee_id, None) if self._development else None


def _digest(token: str) -> bytes:
    # What opens a sign-in is not kept; any text at all has a digest.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
