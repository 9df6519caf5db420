"""Themes: what an idea improves."""

from sqlmodel import Field, SQLModel

from app.models.columns import key


class Theme(SQLModel, table=True):
    """What an idea improves; `key` is the word of the product, `name` what people read."""

    __tablename__ = "themes"

    id: str = key()
    key: str = Field(unique=True, max_length=60)
    name: str = Field(max_length=200)
    position: int
