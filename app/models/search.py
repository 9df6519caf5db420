"""The search index: the stems of each submitted idea, and the vocabulary on which typing errors are mended."""

from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String
from sqlmodel import Field, SQLModel

from app.models.columns import reference

_WORD: Any = String(80).with_variant(String(80, collation="C"), "postgresql")
"""Words are compared by their code points on both engines, so that a common beginning is one range."""


class SearchDocument(SQLModel, table=True):
    """The stems of an idea, separated by spaces; each engine keeps its own full-text index over them.

    `number` is what SQLite's index refers to. `counted` says that the words are in the vocabulary's counts.
    """

    __tablename__ = "search_documents"
    __table_args__ = (Index("uq_search_documents_idea_id", "idea_id", unique=True),)

    number: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger().with_variant(Integer(), "sqlite")
    )
    idea_id: str = reference("ideas.id", cascade=True)
    title: str
    body: str
    tags: str
    counted: bool = False


class SearchTerm(SQLModel, table=True):
    """A folded word that occurs in ideas, with its stem and the number of ideas it occurs in (within seconds)."""

    __tablename__ = "search_terms"

    word: str = Field(primary_key=True, sa_type=_WORD)
    stem: str = Field(max_length=80, index=True)
    ideas: int = 0


class SearchKey(SQLModel, table=True):
    """A key under which a word is found when it is misspelled (see `core/typos.py`)."""

    __tablename__ = "search_keys"

    key: str = Field(primary_key=True, max_length=80)
    word: str = Field(primary_key=True, max_length=80)
