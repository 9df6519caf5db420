"""Access tokens: issued and verified by this installation, and by nobody else (RFC 9068, RFC 8725)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jose import jws
from jose.backends.base import Key
from jose.exceptions import JOSEError

from app.core import ids, strict_json
from app.core.security import keys

LIFETIME = timedelta(minutes=10)
MAX_LENGTH = 4096
"""Characters of a token; a longer one is refused before anything of it is read."""

CLOCK_SKEW = timedelta(seconds=30)
"""How far ahead the clock of the issuing replica may be; an expiry gets no such grace."""

_CLIENT = "ideabox"
_SHAPE = re.compile(r"([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}")


class InvalidToken(Exception):
    """The token proves nothing; `reason` is one word for the log, and never for the caller."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says: who, in which session; times are seconds since 1970."""

    employee_id: str
    session_id: str
    token_id: str
    issued_at: int
    not_before: int
    expires_at: int


class TokenSigner:
    """Issues access tokens under the present key."""

    def __init__(self, secret: str, *, issuer: str, installation_id: str) -> None:
        """Build the key once; `issuer` is the base URL, the audience is bound to `installation_id`."""
        self._key = keys.derive_signing_key(secret)
        self._header = _header(self._key.kid)
        self._issuer = issuer
        self._audience = _audience(installation_id)

    def issue(
        self, employee_id: str, session_id: str, *, now: datetime, lifetime: timedelta = LIFETIME
    ) -> str:
        """Return a signed token for one person's session, valid from `now` until `now + lifetime`."""
        moment = int(now.timestamp())
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": employee_id,
            "sid": session_id,
            "client_id": _CLIENT,
            "jti": ids.new(),
            "iat": moment,
            "nbf": moment,
            "exp": moment + int(lifetime.total_seconds()),
        }
        return jws.sign(claims, self._key.private, headers=self._header, algorithm=keys.ALGORITHM)


class TokenVerifier:
    """Verifies access tokens under the present key and those of earlier secrets."""

    def __init__(self, secrets: Sequence[str], *, issuer: str, installation_id: str) -> None:
        """Accept tokens signed under any of `secrets` (the present one, then earlier ones during a rotation).

        A key is chosen by the whole header segment, compared as text with the headers that we write
        ourselves: another algorithm, a foreign or missing `kid`, another `typ`, `jku`, `x5u`, `jwk`, `crit`
        or an encrypted token can't even select a key, and no header of a stranger is ever parsed.
        """
        self._issuer = issuer
        self._audience = _audience(installation_id)
        pairs = [keys.derive_signing_key(secret) for secret in secrets]
        self._keys = {_header_segment(pair): pair.public for pair in pairs}

    def verify(self, token: str, now: datetime) -> Claims:
        """Return what the token says, when it is ours and valid at `now`.

        No leeway on the expiry, `CLOCK_SKEW` on the start, so that replicas may differ a little and a clock
        set back revives nothing.

        Raises: InvalidToken.
        """
        claims = self.read(token)
        moment = now.timestamp()
        if moment >= claims.expires_at:
            raise InvalidToken("expired")
        if max(claims.issued_at, claims.not_before) > moment + CLOCK_SKEW.total_seconds():
            raise InvalidToken("early")
        return claims

    def read(self, token: str) -> Claims:
        """Return what the token says, when it is ours, whatever the time; some 150 µs, for the signature.

        Raises: InvalidToken.
        """
        if len(token) > MAX_LENGTH:
            raise InvalidToken("oversize")
        # python-jose skips characters that are not base64, so that one token could be written in many ways.
        shape = _SHAPE.fullmatch(token)
        if shape is None:
            raise InvalidToken("form")
        key = self._keys.get(shape[1])
        if key is None:
            raise InvalidToken("header")
        claims = _signed_claims(token, key)
        if claims.get("iss") != self._issuer:
            raise InvalidToken("issuer")
        if claims.get("aud") != self._audience:
            raise InvalidToken("audience")
        return Claims(
            employee_id=_text(claims, "sub"),
            session_id=_text(claims, "sid"),
            token_id=_text(claims, "jti"),
            issued_at=_seconds(claims, "iat"),
            not_before=_seconds(claims, "nbf"),
            expires_at=_seconds(claims, "exp"),
        )


def _audience(installation_id: str) -> str:
    return f"ideabox-api@{installation_id}"


def _header(kid: str) -> dict[str, str]:
    return {"alg": keys.ALGORITHM, "kid": kid, "typ": "at+jwt"}


def _header_segment(pair: keys.SigningKey) -> str:
    return jws.sign({}, pair.private, headers=_header(pair.kid), algorithm=keys.ALGORITHM).partition(".")[0]


def _signed_claims(token: str, key: Key) -> dict[str, Any]:
    try:
        payload = jws.verify(token, key, algorithms=[keys.ALGORITHM])
    except (JOSEError, ValueError) as error:
        raise InvalidToken("signature") from error
    try:
        claims = strict_json.loads(payload)
    except strict_json.InvalidJson as error:
        raise InvalidToken("claims") from error
    if not isinstance(claims, dict):
        raise InvalidToken("claims")
    return claims


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidToken(name)
    return value


def _seconds(claims: dict[str, Any], name: str) -> int:
    value = claims.get(name)
    if type(value) is not int:
        raise InvalidToken(name)
    return value
