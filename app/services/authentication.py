"""Telling who is asking: a verified token whose sign-in still stands."""

import time
from collections import OrderedDict
from datetime import datetime

from app.core.db import Database
from app.core.security.tokens import InvalidToken, TokenVerifier
from app.domain.actors import Actor
from app.domain.errors import Unauthenticated
from app.queries import actors

DEVELOPMENT_SESSION = "development"
"""Session of tokens made by `ideabox dev token`; accepted in development only, backed by no row."""

_REMEMBERED = 20_000


class SignInRequired(Unauthenticated):
    """Sign in first: the token is missing, has expired, or its session has ended."""

    code = "auth.required"


class Authenticator:
    """Remembers verified sign-ins for a moment, so that most requests need no statement for it.

    What is remembered is forgotten after `state_seconds`, which is how soon a revocation, a deactivation
    or a change of roles holds in every process; in this process `forget` makes it hold at once.
    """

    def __init__(
        self, database: Database, verifier: TokenVerifier, *, state_seconds: float, development: bool
    ) -> None:
        self._database = database
        self._verifier = verifier
        self._state_seconds = state_seconds
        self._development = development
        self._known: OrderedDict[tuple[str, str], tuple[float, Actor]] = OrderedDict()

    async def authenticate(self, token: str | None, now: datetime) -> Actor:
        """Return who a bearer token stands for.

        Raises: SignInRequired, DatabaseAway.
        """
        if token is None:
            raise SignInRequired
        try:
            claims = self._verifier.verify(token, now)
        except InvalidToken as error:
            raise SignInRequired from error
        known = (claims.employee_id, claims.session_id)
        remembered = self._known.get(known)
        moment = time.monotonic()
        if remembered is not None and moment - remembered[0] < self._state_seconds:
            return remembered[1]
        session_id: str | None = claims.session_id
        if session_id == DEVELOPMENT_SESSION:
            if not self._development:
                raise SignInRequired
            session_id = None
        async with self._database.reader() as session:
            actor = await actors.find_actor(session, claims.employee_id, session_id=session_id, now=now)
        if actor is None:
            self._known.pop(known, None)
            raise SignInRequired
        self._known[known] = (moment, actor)
        self._known.move_to_end(known)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return actor

    def forget(self) -> None:
        """Forget every remembered sign-in: a session, a person or a role changed in this process."""
        self._known.clear()
