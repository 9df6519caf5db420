"""Seals, and what is made of them: refresh tokens and device secrets."""

import pytest

from app.core import ids
from app.core.security import devices, refresh_tokens
from app.core.security.seals import Seals

SECRET, EARLIER = "a secret of an installation, long enough", "the secret before it, as long as it must be"
SESSION = ids.new()


@pytest.fixture
def seals() -> Seals:
    return Seals([SECRET])


def test_a_seal_fits_its_own_texts_and_purpose_only(seals: Seals) -> None:
    seal = seals.make("purpose", "ab", "c")
    assert len(seal) == 43
    assert seals.fits(seal, "purpose", "ab", "c")
    for purpose, *parts in (
        ("purpose", "a", "bc"),
        ("other", "ab", "c"),
        ("purpose", "ab"),
        ("purpose", "ab", "c", ""),
    ):
        assert not seals.fits(seal, purpose, *parts)
    assert not seals.fits("é\ud800", "purpose", "ab", "c")


def test_seals_of_the_secret_before_fit_during_a_rotation(seals: Seals) -> None:
    old = Seals([EARLIER]).make("purpose", "x")
    assert Seals([SECRET, EARLIER]).fits(old, "purpose", "x")
    assert not seals.fits(old, "purpose", "x")


def test_a_refresh_token_says_session_and_generation(seals: Seals) -> None:
    token = refresh_tokens.issue(seals, SESSION, 7)
    assert refresh_tokens.read(seals, token) == (SESSION, 7)
    assert token == refresh_tokens.issue(seals, SESSION, 7)


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: token.replace(".7.", ".8."),
        lambda token: token.replace(".7.", ".07."),
        lambda token: token.replace(".7.", ".-7."),
        lambda token: token.replace(".7.", ".\u0667."),
        lambda token: token.replace(".7.", "." + "7" * 5000 + "."),
        lambda token: token.replace(SESSION, ids.new()),
        lambda token: token[:-1],
        lambda token: token + "=",
        lambda token: token[:0],
        lambda token: token.strip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"),
        lambda token: token[:-1] + "é",
    ],
)
def test_a_forged_refresh_token_says_nothing(seals: Seals, forge: object) -> None:
    assert callable(forge)
    assert refresh_tokens.read(seals, forge(refresh_tokens.issue(seals, SESSION, 7))) is None


def test_a_device_is_known_for_its_own_account_only(seals: Seals) -> None:
    device = devices.issue(seals, "alice@company.example")
    assert devices.find(seals, device, "alice@company.example") == device.partition(".")[0]
    assert devices.find(seals, device, "max@company.example") is None
    assert devices.find(seals, "", "alice@company.example") is None
    assert devices.find(seals, refresh_tokens.issue(seals, SESSION, 1), "alice@company.example") is None
