"""Rules on the passwords that people choose."""

import contextlib
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.blocklist import common_passwords
from app.domain import passwords

PERSON = ("Alice Martin", "alice.martin@annuaire.example", "Société Annuaire")


def check(password: str) -> None:
    passwords.check_password(
        password, common=common_passwords(), context_words=PERSON, pointer="/new_password"
    )


@pytest.mark.parametrize(
    "password",
    [
        "le chat dort sous la table",
        "kX7#pQ2!vR9@mL4",
        "aucune majuscule ni chiffre",
        "ça ira très bien déjà",
        "猫がテーブルの下で静かに眠る夜",
        "🦊🌲🚲🍋🎈🧊🪁🌋🦔🪴🎻🧵🛶🥁🪐",
        "a-long-enough-password-1",
        "correct horse battery staple",
        "x" + "1q9z8m4k7j2h" * 80,
        "tabulations\tet   espaces bizarres",
    ],
)
def test_good_passwords(password: str) -> None:
    check(password)


@pytest.mark.parametrize("length", [0, 1, 7, 8, 14])
def test_a_short_password_is_too_weak(length: int) -> None:
    with pytest.raises(passwords.PasswordTooWeak, match="15 characters"):
        check("kX7#pQ2!vR9@mL4z"[:length])


@pytest.mark.parametrize("length", [15, 64, 200, 1000])
def test_length_is_free_from_fifteen_to_a_thousand(length: int) -> None:
    check(("kX7#pQ2!vR9@mL4z" * 70)[:length])


@pytest.mark.parametrize("length", [1001, 1_000_000])
def test_a_longer_text_is_unusable(length: int) -> None:
    with pytest.raises(passwords.PasswordUnusable, match="at most 1,000"):
        check("kX7#pQ2!" * (length // 8) + "k" * (length % 8))


def test_length_is_counted_in_code_points_of_the_normal_form() -> None:
    composed = "éèêëàâäùûüîïôöç"
    assert len(composed) == 15
    check(composed)
    check(unicodedata.normalize("NFD", composed))
    with pytest.raises(passwords.PasswordTooWeak, match="15 characters"):
        check(unicodedata.normalize("NFD", composed[:14]))


def test_characters_that_grow_in_the_normal_form_count_as_they_are_hashed() -> None:
    with pytest.raises(passwords.PasswordUnusable):
        check("\U0001d160" * 400)


@pytest.mark.parametrize("bad", ["\0", "\ud800"])
def test_what_is_no_text_is_unusable(bad: str) -> None:
    with pytest.raises(passwords.PasswordUnusable, match="NUL"):
        check("le chat dort " + bad + " sous la table")


@pytest.mark.parametrize(
    "password",
    [
        "Ideabox2026Ideabox",
        "ideabox-ideabox-ideabox",
        "IDEABOX!IDEABOX!2026",
        "1d3ab0x1d3ab0x1d3ab0x",
        "aaaaaaaaaaaaaaa",
        "ééééééééééééééé",
        "🦊" * 20,
        " " * 20,
        "abcdefghijklmno",
        "onmlkjihgfedcba",
        "123456789012345",
        "1111111222222233333",
        "abcabcabcabcabc",
        "azertyuiopqsdfgh",
        "qwertyuiop12345",
        "1q2w3e4r5t6y7u8i",
        "1a2z3e4r5t6y7u8i",
        "passwordpassword",
        "P@ssw0rdP@ssw0rd!",
        "Password12345678",
        "motdepasse2026!!!",
        "MotDePasseMotDePasse",
        "soleilsoleilsoleil",
        "Marseille2026!!!!",
        "alice.martin@annuaire",
        "AliceMartin1984!",
        "MartinMartinMartin",
        "Annuaire2026Annuaire!",
        "societe annuaire 2026",
        "Société-Annuaire-1",
        "thisismypassword",
        "iloveyouforever1",
        "welcome to ideabox",
        "Ideabox" * 100,
    ],
)
def test_predictable_passwords_are_too_weak(password: str) -> None:
    with pytest.raises(passwords.PasswordTooWeak, match="easy to guess") as refused:
        check(password)
    assert refused.value.code == "passwords.too-weak"
    assert [problem.pointer for problem in refused.value.errors] == ["/new_password"]


def test_a_predictable_piece_does_not_spoil_a_password_with_enough_besides() -> None:
    check("ideabox kX7#pQ2!vR9")
    check("alice martin aime les girafes bleues")


@given(
    st.text(alphabet=string.ascii_letters + string.digits, min_size=24, max_size=24).filter(
        lambda s: len(set(s)) > 14
    )
)
def test_what_a_password_generator_makes_is_good(password: str) -> None:
    check(password)


@given(st.text(max_size=1100))
def test_any_text_gets_an_answer(password: str) -> None:
    if not 15 <= len(unicodedata.normalize("NFC", password)) <= 1000:
        with pytest.raises((passwords.PasswordTooWeak, passwords.PasswordUnusable)):
            check(password)
    else:
        with contextlib.suppress(passwords.PasswordTooWeak, passwords.PasswordUnusable):
            check(password)


def test_the_list_is_written_as_passwords_are_compared() -> None:
    words = common_passwords()
    assert len(words) > 1000
    assert all(word == passwords.folded(word) and len(word) >= 4 for word in words)
    assert {"password", "motdepasse", "azerty", "bienvenue", "soleil"} <= words
