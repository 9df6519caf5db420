"""Access tokens: what is issued is accepted, and no forgery is (the well-known ones one by one)."""

import base64
import hashlib
import hmac
import json
import socket
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from jose import jws

from app.core.security import keys, opaque, tokens

SECRET = "the secret of this installation, long"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ISSUER = "https://ideabox.example"
INSTALLATION = "a" * 24
PAIR = keys.derive_signing_key(SECRET)
SIGNER = tokens.TokenSigner(SECRET, issuer=ISSUER, installation_id=INSTALLATION)
HEADER = {"alg": "ES256", "kid": PAIR.kid, "typ": "at+jwt"}
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": f"ideabox-api@{INSTALLATION}",
    "sub": "alice",
    "sid": "session",
    "jti": "token",
    "iat": int(NOW.timestamp()),
    "nbf": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 600,
}


@pytest.fixture
def verifier(monkeypatch: pytest.MonkeyPatch) -> tokens.TokenVerifier:
    def connect(*_arguments: object) -> None:
        pytest.fail("a token made the verifier call out")

    monkeypatch.setattr(socket.socket, "connect", connect)
    return fresh_verifier()


def fresh_verifier(*secrets: str) -> tokens.TokenVerifier:
    return tokens.TokenVerifier(secrets or (SECRET,), issuer=ISSUER, installation_id=INSTALLATION)


def segment(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def sign_raw(header: str, payload: str, pair: keys.SigningKey = PAIR) -> str:
    """Sign two segments with our own key, whatever they say: nothing but what they say can be at fault."""
    signature = pair.private.sign(f"{header}.{payload}".encode())
    return f"{header}.{payload}.{segment(signature)}"


def forge(header: dict[str, Any] | None = None, claims: dict[str, Any] | None = None) -> str:
    """Return a token with our signature that differs from a good one in a few members only."""
    written = json.dumps({**HEADER, **(header or {})}, separators=(",", ":"), sort_keys=True).encode()
    stated = {name: value for name, value in {**CLAIMS, **(claims or {})}.items() if value is not ...}
    return sign_raw(segment(written), segment(stated))


def reason(verifier: tokens.TokenVerifier, token: str, now: datetime = NOW) -> str:
    with pytest.raises(tokens.InvalidToken) as refused:
        verifier.verify(token, now)
    return refused.value.reason


def test_an_issued_token_is_accepted(verifier: tokens.TokenVerifier) -> None:
    claims = verifier.verify(SIGNER.issue("alice", "session", now=NOW), NOW)
    assert (claims.employee_id, claims.session_id) == ("alice", "session")
    assert claims.expires_at - claims.issued_at == 600
    assert len(claims.token_id) == 24


def test_an_issued_token_has_the_members_of_its_profile() -> None:
    header, payload, _ = SIGNER.issue("alice", "session", now=NOW).split(".")
    assert json.loads(base64.urlsafe_b64decode(header + "==")) == HEADER
    members = json.loads(base64.urlsafe_b64decode(payload + "=="))
    assert set(members) == {"iss", "aud", "sub", "sid", "client_id", "jti", "iat", "nbf", "exp"}


def test_the_forge_makes_good_tokens_when_nothing_is_forged(verifier: tokens.TokenVerifier) -> None:
    assert verifier.verify(forge(), NOW).employee_id == "alice"


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE"])
def test_no_algorithm_at_all(verifier: tokens.TokenVerifier, name: str) -> None:
    header = segment({**HEADER, "alg": name})
    payload = segment(CLAIMS)
    assert reason(verifier, f"{header}.{payload}.") == "form"
    assert reason(verifier, f"{header}.{payload}.{'A' * 86}") == "header"
    assert reason(verifier, forge({"alg": name})) == "header"


def public_spellings() -> list[bytes]:
    numbers = PAIR.public.to_dict()
    x, y = (int.from_bytes(base64.urlsafe_b64decode(numbers[name] + "="), "big") for name in ("x", "y"))
    point = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    pem = point.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    der = point.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return [pem, pem.strip(), der, json.dumps(numbers).encode(), json.dumps({"keys": [numbers]}).encode()]


@pytest.mark.parametrize("secret", public_spellings())
@pytest.mark.parametrize("header", [{**HEADER, "alg": "HS256"}, {"alg": "HS256", "typ": "JWT"}, HEADER])
def test_a_public_key_used_as_a_shared_secret(
    verifier: tokens.TokenVerifier, header: dict[str, str], secret: bytes
) -> None:
    signing_input = f"{segment(header)}.{segment(CLAIMS)}"
    mac = hmac.new(secret, signing_input.encode(), hashlib.sha256).digest()
    assert reason(verifier, f"{signing_input}.{segment(mac)}") == "form"
    own_header = SIGNER.issue("a", "b", now=NOW).partition(".")[0]
    signing_input = f"{own_header}.{segment(CLAIMS)}"
    long_mac = hmac.new(secret, signing_input.encode(), hashlib.sha512).digest()
    assert reason(verifier, f"{signing_input}.{segment(long_mac)}") == "signature"


def test_the_keys_of_other_algorithms(verifier: tokens.TokenVerifier) -> None:
    for algorithm in ("ES384", "ES512", "EdDSA", "RS256", "PS256", "HS256", "es256", "ES256K", "dir"):
        assert reason(verifier, forge({"alg": algorithm})) == "header"
    signing_input = f"{segment({**HEADER, 'alg': 'EdDSA'})}.{segment(CLAIMS)}"
    signature = ed25519.Ed25519PrivateKey.generate().sign(signing_input.encode())
    assert reason(verifier, f"{signing_input}.{segment(signature)}") == "header"


@pytest.mark.parametrize(
    "kid",
    [
        "unknown",
        "",
        None,
        7,
        ["x"],
        "../../../../dev/null",
        "/etc/passwd",
        "' OR '1'='1",
        "x' UNION SELECT 'secret' --",
        "http://127.0.0.1/jwks.json",
        PAIR.kid + " ",
        PAIR.kid.swapcase(),
    ],
)
def test_a_key_identifier_that_is_not_ours(verifier: tokens.TokenVerifier, kid: object) -> None:
    assert reason(verifier, forge({"kid": kid})) == "header"


@pytest.mark.parametrize(
    "extra",
    [
        {"jku": "http://127.0.0.1:1/jwks.json"},
        {"x5u": "http://127.0.0.1:1/cert.pem"},
        {"x5c": ["MIIB"]},
        {"jwk": PAIR.public.to_dict()},
        {"crit": ["exp"]},
        {"crit": ["b64"], "b64": False},
        {"crit": []},
        {"zip": "DEF"},
        {"cty": "JWT"},
        {"unknown": 1},
    ],
)
def test_a_header_with_anything_more(verifier: tokens.TokenVerifier, extra: dict[str, Any]) -> None:
    token = forge(extra)
    # The library alone would take it: the signature is ours, so that nothing but the header is at fault.
    assert jws.verify(token, PAIR.public, algorithms=["ES256"])
    assert reason(verifier, token) == "header"


@pytest.mark.parametrize("typ", ["JWT", "AT+JWT", "application/at+jwt", "rt+jwt", "logout+jwt", "", None])
def test_a_token_of_another_kind(verifier: tokens.TokenVerifier, typ: str | None) -> None:
    assert reason(verifier, forge({"typ": typ})) == "header"


def test_an_identity_token_in_place_of_an_access_token(verifier: tokens.TokenVerifier) -> None:
    identity = jws.sign({**CLAIMS, "aud": "ideabox", "nonce": "n"}, PAIR.private, algorithm="ES256")
    assert reason(verifier, identity) == "header"


def test_a_refresh_token_in_place_of_an_access_token(verifier: tokens.TokenVerifier) -> None:
    plain, digest = opaque.new_secret()
    assert reason(verifier, plain) == "form"
    assert reason(verifier, digest) == "form"


def test_a_key_of_a_stranger(verifier: tokens.TokenVerifier) -> None:
    stranger = keys.derive_signing_key("the secret of another installation")
    own_header = SIGNER.issue("a", "b", now=NOW).partition(".")[0]
    assert reason(verifier, sign_raw(own_header, segment(CLAIMS), stranger)) == "signature"
    assert (
        reason(verifier, sign_raw(segment({**HEADER, "kid": stranger.kid}), segment(CLAIMS), stranger))
        == "header"
    )


@pytest.mark.parametrize(
    "signature", [b"\0" * 64, b"\xff" * 64, b"\0" * 63 + b"\1", b"\0" * 31 + b"\1" + b"\0" * 32]
)
def test_a_signature_of_zeros(verifier: tokens.TokenVerifier, signature: bytes) -> None:
    own_header = SIGNER.issue("a", "b", now=NOW).partition(".")[0]
    assert reason(verifier, f"{own_header}.{segment(CLAIMS)}.{segment(signature)}") == "signature"


@pytest.mark.parametrize(
    ("claim", "value", "expected"),
    [
        ("iss", ..., "issuer"),
        ("iss", "https://ideabox.example/", "issuer"),
        ("iss", "https://evil.example", "issuer"),
        ("iss", [ISSUER], "issuer"),
        ("aud", ..., "audience"),
        ("aud", "ideabox-api", "audience"),
        ("aud", f"ideabox-api@{'b' * 24}", "audience"),
        ("aud", [CLAIMS["aud"]], "audience"),
        ("aud", None, "audience"),
        *(
            (name, value, name)
            for name in ("sub", "sid", "jti")
            for value in (..., "", None, 7, ["x"], {"a": 1})
        ),
        *(
            (name, value, name)
            for name in ("iat", "nbf", "exp")
            for value in (..., None, "9999999999", True, 9e9, [9_999_999_999])
        ),
        ("exp", 2**62, None),
        ("exp", 10**30, "claims"),
    ],
)
def test_claims_that_are_missing_or_wrong(
    verifier: tokens.TokenVerifier, claim: str, value: object, expected: str | None
) -> None:
    token = forge(claims={claim: value})
    if expected is None:
        assert verifier.verify(token, NOW)
    else:
        assert reason(verifier, token) == expected


@pytest.mark.parametrize("payload", [b"[]", b"null", b'"x"', b"7", b"{", b"\xff", b"", b"{}", b"[" * 1500])
def test_a_payload_that_is_no_claims_set(verifier: tokens.TokenVerifier, payload: bytes) -> None:
    own_header = SIGNER.issue("a", "b", now=NOW).partition(".")[0]
    assert reason(verifier, sign_raw(own_header, segment(payload))) in {"claims", "form", "issuer"}


@pytest.mark.parametrize("header", [b"[" * 1500, b"[]", b"{", b"\xff\xfe", b'{"alg":"ES256","alg":"none"}'])
def test_a_header_that_is_no_object(verifier: tokens.TokenVerifier, header: bytes) -> None:
    assert reason(verifier, sign_raw(segment(header), segment(CLAIMS))) == "header"


def test_a_large_encrypted_token_is_refused_before_it_is_read(verifier: tokens.TokenVerifier) -> None:
    header = segment({"alg": "dir", "enc": "A256GCM", "zip": "DEF"})
    large = f"{header}..{'A' * 16}.{'A' * 250_000}.{'A' * 22}"
    start = time.process_time()
    assert reason(verifier, large) == "oversize"
    assert time.process_time() - start < 0.05
    assert reason(verifier, f"{header}..{'A' * 16}.{'A' * 2000}.{'A' * 22}") == "form"


def test_the_longest_token_is_four_thousand_characters(verifier: tokens.TokenVerifier) -> None:
    assert reason(verifier, "A" * 4096) == "form"
    assert reason(verifier, "A" * 4097) == "oversize"


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b", "a.b.c", "a.b.c.d.e", "é.é.é", "\ud800", "Bearer x", " "]
)
def test_what_is_no_token(verifier: tokens.TokenVerifier, token: str) -> None:
    assert reason(verifier, token) == "form"


def test_a_token_can_be_written_in_one_way_only(verifier: tokens.TokenVerifier) -> None:
    token = SIGNER.issue("alice", "session", now=NOW)
    for respelled in (
        token + "=",
        token + "\n",
        " " + token,
        token[:-3] + "!" + token[-3:],
        token.replace(".", "..", 1),
    ):
        assert reason(verifier, respelled) == "form"


@given(st.integers(min_value=0), st.characters(codec="ascii"))
def test_no_changed_character_goes_unnoticed(position: int, character: str) -> None:
    token = SIGNER.issue("alice", "session", now=NOW)
    # Four bits of the last character stand for nothing: that one is left alone.
    place = position % (len(token) - 1)
    if token[place] != character:
        reason(fresh_verifier(), token[:place] + character + token[place + 1 :])


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-31, "early"), (-30, None), (0, None), (599, None), (600, "expired"), (601, "expired")],
)
def test_a_token_holds_from_its_issue_to_its_expiry(
    verifier: tokens.TokenVerifier, seconds: int, expected: str | None
) -> None:
    token = SIGNER.issue("alice", "session", now=NOW)
    moment = NOW + timedelta(seconds=seconds)
    assert verifier.read(token)  # whatever the time
    if expected is None:
        assert verifier.verify(token, moment)
    else:
        assert reason(verifier, token, moment) == expected


def test_a_token_that_is_not_valid_yet(verifier: tokens.TokenVerifier) -> None:
    assert reason(verifier, forge(claims={"nbf": CLAIMS["nbf"] + 60})) == "early"


def test_a_longer_life_can_be_given() -> None:
    token = SIGNER.issue("alice", "session", now=NOW, lifetime=timedelta(hours=12))
    assert fresh_verifier().verify(token, NOW + timedelta(hours=11, minutes=59))
    assert reason(fresh_verifier(), token, NOW + timedelta(hours=12)) == "expired"


def test_tokens_of_an_earlier_secret_hold_while_it_is_listed() -> None:
    later = "the secret that came after that one"
    token = SIGNER.issue("alice", "session", now=NOW)
    assert fresh_verifier(later, SECRET).verify(token, NOW).employee_id == "alice"
    assert reason(fresh_verifier(later), token) == "header"
    newer = tokens.TokenSigner(later, issuer=ISSUER, installation_id=INSTALLATION)
    assert (
        fresh_verifier(later, SECRET).verify(newer.issue("bob", "session", now=NOW), NOW).employee_id == "bob"
    )


def test_a_token_of_another_installation_with_the_same_secret() -> None:
    elsewhere = tokens.TokenSigner(SECRET, issuer=ISSUER, installation_id="b" * 24)
    assert reason(fresh_verifier(), elsewhere.issue("alice", "session", now=NOW)) == "audience"
