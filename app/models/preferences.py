"""What each person chose to be told, by which channel and when."""

from sqlmodel import Field, SQLModel

from app.models.columns import reference


class Preference(SQLModel, table=True):
    """A choice that differs from the default; `timing` is `at_once`, `digest` or `never`."""

    __tablename__ = "preferences"

    employee_id: str = reference("employees.id", primary_key=True)
    kind: str = Field(primary_key=True, max_length=60)
    channel: str = Field(primary_key=True, max_length=10)
    timing: str = Field(max_length=10)


class MessageSettings(SQLModel, table=True):
    """When a person wants messages; who has no row has the defaults of `domain/preferences.py`.

    `digest` is `daily`, `weekly` or `never`; `hour` (0–23) and `weekday` (1 Monday – 7 Sunday) say when, in
    `time_zone`, or in the company's when that is empty. Between the hours `quiet_from` and `quiet_until` nothing is
    sent; the same hour twice means never quiet. `per_day` is how many messages a channel may bring at once in a day.
    """

    __tablename__ = "message_settings"

    employee_id: str = reference("employees.id", primary_key=True)
    digest: str = Field(max_length=10)
    hour: int
    weekday: int
    time_zone: str | None = Field(default=None, max_length=60)
    quiet_from: int
    quiet_until: int
    per_day: int
