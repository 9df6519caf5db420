"""The same question in two query languages."""

import pytest

from app.core import fulltext


@pytest.mark.parametrize(
    ("clauses", "fts5", "tsquery"),
    [
        ([], '""', ""),
        ([[["velo"]]], '("velo")', "('velo')"),
        (
            [[["velo"], ["bicyclet"]], [["parc"]]],
            '("velo" OR "bicyclet") AND ("parc")',
            "('velo' | 'bicyclet') & ('parc')",
        ),
        (
            [[["opendat"], ["open", "data"]]],
            '("opendat" OR ("open" AND "data"))',
            "('opendat' | ('open' & 'data'))",
        ),
    ],
)
def test_both_say_the_same(clauses: list[list[list[str]]], fts5: str, tsquery: str) -> None:
    assert fulltext.fts5(clauses) == fts5
    assert fulltext.tsquery(clauses) == tsquery
