"""Rules on the passwords that people choose."""

import contextlib
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.blocklist import common_passwords
from app.domain import passwords
from app.domain.errors import Refusal
from app.domain.passwords import MIN_LENGTH, MIN_WORTH, PasswordTooWeak, PasswordUnusable

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


ODD = "\u0436\u4e5d\u03bb\u05e9\u0915\u0e01\u10d0\u1200"
"""Eight letters of eight alphabets, of which no two make a piece."""

BLANKS = " " * MIN_LENGTH


def weigh(text: str, *, before: bool = False) -> int:
    """Return what a text is worth, by the odd letters that it needs to be worth enough; blanks are worth nothing."""
    for lacking in range(len(ODD) + 1):
        odd = ODD[:lacking]
        whole = f"{odd}{BLANKS}{text}" if before else f"{text}{BLANKS}{odd}"
        try:
            passwords.check_password(
                whole, common=frozenset({"dragon", "monkey", "abcdef"}), context_words=["Zoé Martin-Li"]
            )
        except PasswordTooWeak:
            continue
        return MIN_WORTH - lacking
    raise AssertionError("eight letters that nobody expects are worth enough")


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("", 0),
        ("v", 1),
        ("vx", 2),
        ("v x", 2),
        ("ab", 2),
        ("abd", 3),
        ("abc", 1),
        ("abcd", 1),
        ("dcb", 1),
        ("vvv", 1),
        ("vv", 2),
        ("abcx", 2),
        ("xabc", 2),
        ("abcabd", 4),
        ("vtr", 3),
        ("2468", 4),
        ("qwe", 3),
        ("qwer", 1),
        ("rewq", 1),
        ("qwertv", 2),
        ("azerty", 1),
        ("vqwertyuiop", 2),
        ("1998", 1),
        ("2026", 1),
        ("v2026x", 3),
        ("1798", 4),
        ("vxvx", 4),
        ("vxqvxq", 4),
        ("vxqkvxqk", 5),
        ("vxvxvxvx", 3),
        ("vxqkxqk", 5),
        ("martin", 1),
        ("MART1N", 1),
        ("zoe", 1),
        ("li", 2),
        ("vzoex", 3),
        ("ideabox", 1),
        ("1deab0x", 1),
        ("dragon", 3),
        ("Dr\u00e2g0n", 3),
        ("vdragonx", 5),
        ("dragonmonkey", 6),
        ("dragondragon", 4),
        ("abcdef", 1),
        ("dragon2026", 4),
        ("dragon monkey vx", 8),
    ],
)
def test_a_text_is_worth_what_its_pieces_are(text: str, worth: int, before: bool) -> None:
    assert weigh(text, before=before) == worth


@pytest.mark.parametrize(
    ("password", "refusal", "said"),
    [
        ("x" * 1001, PasswordUnusable, "1,000"),
        ("\u0958" * 600, PasswordUnusable, "1,000"),  # twice as long in the form in which it is hashed
        ("a text with \0 in it", PasswordUnusable, "NUL"),
        (f"a text with {chr(0xD800)} in it", PasswordUnusable, "surrogate"),
        (f"a text with {chr(0xDFFF)} in it", PasswordUnusable, "surrogate"),
        ("too short", PasswordTooWeak, "15"),
        ("aaaaaaaaaaaaaaaaaaa", PasswordTooWeak, "."),
    ],
)
def test_a_refusal_names_the_field_and_the_limit(password: str, refusal: type[Refusal], said: str) -> None:
    for named, pointer in (({}, "/password"), ({"pointer": "/new"}, "/new")):
        with pytest.raises(refusal) as refused:
            passwords.check_password(password, common=frozenset(), **named)
        assert [problem.pointer for problem in refused.value.errors] == [pointer]
        assert said in refused.value.detail


def test_a_password_is_as_long_as_it_may_be() -> None:
    longest = "".join(chr(0x4E00 + number * 7 % 20_000) for number in range(1000))
    passwords.check_password(longest, common=frozenset())
    passwords.check_password(ODD + BLANKS[len(ODD) :], common=frozenset())
    with pytest.raises(PasswordTooWeak):
        passwords.check_password(ODD + BLANKS[len(ODD) + 1 :], common=frozenset())
