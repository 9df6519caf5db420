"""The same question in the query languages of both full-text engines, made of stems alone.

A question is a list of clauses that must all hold. A clause is a list of alternatives, one of which must
hold, and an alternative is a list of stems that must all occur: a term's `alternatives` are a clause. Without
any clause nothing matches.
"""

from collections.abc import Iterable, Sequence

Clause = Sequence[Sequence[str]]

_NOTHING = '""'  # an empty text is a syntax error


def fts5(clauses: Iterable[Clause]) -> str:
    """Return what FTS5 of SQLite is to match; quoted, because bare words can be operators there."""
    return _write(clauses, quote='"', conjunction=" AND ", disjunction=" OR ") or _NOTHING


def tsquery(clauses: Iterable[Clause]) -> str:
    """Return what PostgreSQL is to cast to `tsquery`.

    Cast, not parsed, so that no configuration touches a stem; the stems of a text, joined by spaces, can be
    cast to `tsvector` in the same way.
    """
    return _write(clauses, quote="'", conjunction=" & ", disjunction=" | ")


def _write(clauses: Iterable[Clause], *, quote: str, conjunction: str, disjunction: str) -> str:
    def write_alternative(stems: Sequence[str]) -> str:
        words = conjunction.join(f"{quote}{stem}{quote}" for stem in stems)
        return f"({words})" if len(stems) > 1 else words

    def write_clause(clause: Clause) -> str:
        return f"({disjunction.join(map(write_alternative, clause))})"

    return conjunction.join(map(write_clause, clauses))
