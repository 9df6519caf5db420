"""The vocabulary of the search, on which typing errors are mended."""

from sqlmodel import Field, SQLModel


class SearchTerm(SQLModel, table=True):
    """A folded word that occurs in ideas, with its stem."""

    __tablename__ = "search_terms"

    word: str = Field(primary_key=True, max_length=80)
    stem: str = Field(max_length=80, index=True)
    ideas: int = 0
