"""Words, stems and queries: what must meet, what must stay apart, and what no text may do."""

import re
import sqlite3
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import analysis, fulltext, stopwords, words
from app.core.analysis import Term

TOKEN = re.compile("[a-z0-9]{1,40}")
ANY_TEXT = st.text(st.characters(codec=None), max_size=200)


@pytest.mark.parametrize(
    "family",
    [
        "économie économies economie ECONOMIES économique économiques",
        "réunion réunions reunion Réunions",
        "meeting meetings",
        "véhicule véhicules vehicule vehicules",
        "électrique électriques électricité",
        "vélo vélos velo velos",
        "idée idées idee IDÉES",
        "année années",
        "lié liée liés liées",
        "validé validée validés validées valider valide",
        "national nationale nationaux nationales",
        "cheval chevaux",
        "lieu lieux",
        "élu élus élue élues",
        "clé clés",
        "heureux heureuse heureuses",
        "actif actifs active actives",
        "directeur directeurs directrice",
        "bus buses",
        "company companies",
        "running run",
        "manager managers",
        "employee employees",
        "deployed deploying deploy",
        "œuvre œuvres oeuvre",
        "cœur coeur cœurs",
    ],
)
def test_inflections_meet(family: str) -> None:
    found = {word: tuple(analysis.stems(word)) for word in family.split()}
    assert len(set(found.values())) == 1, found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("loi", "loisir"),
        ("don", "données"),
        ("bus", "business"),
        ("thé", "été"),
        ("car", "carte"),
        ("2024", "2025"),
    ],
)
def test_strangers_stay_apart(one: str, other: str) -> None:
    assert not set(analysis.stems(one)) & set(analysis.stems(other))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l'idée d’une cantine", ["idee", "cantine"]),
        ("l\u02bcécran qu'on n'a pas aujourd'hui", ["ecran"]),
        ("l idée", ["idee"]),
        ("The company's meetings don't work", ["company", "meetings", "work"]),
        ("un don", ["don"]),
        ("thé et café l'été", ["the", "cafe", "ete"]),
        ("les IT et l'AI, pas it ni j'ai", ["it", "ai"]),
        ("peut-être va-t-il", []),
        ("e-mail", ["mail", "email"]),
        ("co-voiturage", ["co", "voiturage", "covoiturage"]),
        ("18-25 ans", ["18", "25", "ans"]),
        ("covid-19", ["covid", "19", "covid19"]),
        ("S.N.C.F. et R&D", ["sncf", "rd"]),
        ("fin.Début", ["fin", "debut"]),
        ("3,5 m² à 10€ — 5G ½", ["3", "5", "m2", "10", "5g", "1", "2"]),
        ("«ﬁn»… éco\u00adnomie e\u0301cole ＦＵＬＬ ٣", ["fin", "economie", "ecole", "full", "3"]),  # noqa: RUF001
        ("Łódź straße smørrebrød", ["lodz", "strasse", "smorrebrod"]),
        ("ΕΝΈΡΓΕΙΑ ενέργεια", ["ενεργεια", "ενεργεια"]),
        ("電気自動車 車", ["電気", "気自", "自動", "動車", "車"]),
        ("हिन्दी", ["हिन्दी"]),
        ("😀 !? \u0301", []),
        ("\ud800mot\udfff", ["mot"]),
        ("snake_case a\x00b", ["snake", "case", "b"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [word.text for word in analysis.words(text)] == expected


@given(ANY_TEXT)
def test_a_stem_is_a_safe_token_whatever_the_text(text: str) -> None:
    found = analysis.words(text)
    assert all(TOKEN.fullmatch(word.stem) for word in found)
    assert all(0 < len(word.text) <= words.LENGTH for word in found)
    assert analysis.stems(text) == [word.stem for word in found]


@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = words.fold(text)
    assert words.fold(once) == once


@given(st.text("abcdéèàœç'’-. AB12", max_size=60))
def test_capitals_and_accents_do_not_matter(text: str) -> None:
    """But for stop words, which differ by an accent, and for acronyms, which are capitals."""

    def read(version: str) -> list[str]:
        return [
            stem for stem in analysis.stems(version) if stem not in {"the", "a", "it", "ai"} | stopwords.WORDS
        ]

    assert read(text.upper()) == read(text.lower())


@given(
    st.lists(st.sampled_from("vélos électriques meeting rooms l'idée 電気 ενέργεια R&D e-mail 2024".split()))
)
def test_words_do_not_depend_on_their_neighbours(pieces: list[str]) -> None:
    assert analysis.stems(" ".join(pieces)) == [stem for piece in pieces for stem in analysis.stems(piece)]


@given(ANY_TEXT, ANY_TEXT)
def test_a_text_is_found_by_its_own_words(before: str, after: str) -> None:
    index = set(analysis.stems(f"{before} véhicules {after}"))
    [term] = analysis.query("véhicule").terms
    assert any(index.issuperset(alternative) for alternative in term.alternatives)


@given(ANY_TEXT)
def test_a_query_matches_the_text_that_it_is(text: str) -> None:
    index = set(analysis.stems(text))
    for term in analysis.query(text).terms:
        assert any(index.issuperset(alternative) for alternative in term.alternatives), term


@given(ANY_TEXT)
def test_no_query_is_an_error_of_the_engine(text: str) -> None:
    query = analysis.query(text)
    written = fulltext.fts5(term.alternatives for term in query.terms)
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE VIRTUAL TABLE t USING fts5(s)")
        database.execute("INSERT INTO t VALUES (?)", (" ".join(analysis.stems(text)),))
        found = database.execute("SELECT count(*) FROM t WHERE t MATCH ?", (written,)).fetchone()
    database.close()
    assert found == (1 if query.terms else 0,)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("de la", []),
        ("vélos électr", [Term("velos", (("velo",),)), Term("electr", (("electr",),), prefix=True)]),
        ("vélos ", [Term("velos", (("velo",),))]),
        ("vélos de", [Term("velos", (("velo",),))]),
        ("vélo Vélos", [Term("velo", (("velo",),), prefix=True)]),
        ("v", [Term("v", (("v",),))]),
        ("e-mail!", [Term("email", (("email",),))]),
        ("open-space", [Term("openspace", (("openspac",), ("open", "spac")), prefix=True)]),
        ('NEAR("a" OR b*)', [Term("near", (("near",),)), Term("b", (("b",),))]),
    ],
)
def test_query(text: str, terms: list[Term]) -> None:
    assert list(analysis.query(text).terms) == terms


def test_a_query_has_an_end() -> None:
    assert len(analysis.query(" ".join(map(str, range(1000)))).terms) == analysis.MAX_TERMS


def test_widen_adds_what_else_may_match_once() -> None:
    [term] = analysis.query("velo!").terms
    assert analysis.widen(term, ["velo", "veloc"]).alternatives == (("velo",), ("veloc",))


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "\u0315\u0300",
        "\u0300\uff9e",
        "h\u0315\u0300\u0315\u0300",
        "電気自動車",
        "a-",
        "b.b&",
        "l'",
        "\ud800",
        "😀",
        "\ufdfa",
        "\ufdfa-",
        "é ",
        "\u200d",
    ],
)
def test_cost_grows_with_length_alone(piece: str) -> None:
    """Ordering a row of combining marks would take minutes here, the rest fractions of a second."""
    started = time.perf_counter()
    analysis.stems(piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 5


def test_an_endless_word_comes_in_pieces_of_bounded_length() -> None:
    found = analysis.words("x" * 20_000)
    assert {len(word.text) for word in found} <= {words.LENGTH, 20_000 % 128}
    assert len(found) == -(-20_000 // 128)
