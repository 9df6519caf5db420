"""Roll-ups: sums of figures that are kept beside the history, and what is yet to be added to them."""

from sqlalchemy import BigInteger, Integer
from sqlmodel import Field, SQLModel

from app.core import ids
from app.models.columns import reference

_SEQUENCE = BigInteger().with_variant(Integer(), "sqlite")


class RollUp(SQLModel, table=True):
    """The sums of one part of the figures, of everything or by month.

    `dimension` and `value` say of what (`domain.rollups`). `month` is 0 for the sums over all days; those of a month
    (202603) tell the days apart. `sums` is JSON: by measure the buckets and how many there are in each.
    """

    __tablename__ = "rollups"

    dimension: str = Field(primary_key=True, max_length=10)
    value: str = Field(primary_key=True, max_length=ids.LENGTH)
    month: int = Field(primary_key=True)
    part: str = Field(primary_key=True, max_length=10)
    sums: str


class RollUpMark(SQLModel, table=True):
    """What one idea has added to which roll-ups, so that it can be taken back; JSON of `domain.rollups.Marks`."""

    __tablename__ = "rollup_marks"

    subject: str = Field(primary_key=True, max_length=ids.LENGTH)
    marks: str


class RollUpChange(SQLModel, table=True):
    """An idea whose figures have changed since; written by triggers, so that nobody can forget it."""

    __tablename__ = "rollup_changes"

    sequence: int = Field(sa_type=_SEQUENCE, primary_key=True)
    subject: str = Field(max_length=ids.LENGTH)


class ParticipationMark(SQLModel, table=True):
    """What one person has added to the figures of participation, as `RollUpMark` has it of an idea."""

    __tablename__ = "participation_marks"

    employee_id: str = reference("employees.id", primary_key=True)
    marks: str


class ParticipationChange(SQLModel, table=True):
    """A person whose participation may have changed since; written by triggers.

    Without a foreign key: a vote would look up its voter once more for it.
    """

    __tablename__ = "participation_changes"

    sequence: int = Field(sa_type=_SEQUENCE, primary_key=True)
    employee_id: str = Field(max_length=ids.LENGTH)


class RollUpState(SQLModel, table=True):
    """A row that says how far the roll-ups are: 1 for those of ideas, 2 for those of people.

    They hold for a `version` of the definitions, a time zone and a tree of entities: `parents`, JSON, and its digest.
    Until all changes up to `building` are added they are incomplete, up to `regrouping` those of entities.
    `generation` changes whenever the sums do; nothing but promises is of a day after `latest`, a day's number in the
    calendar.
    """

    __tablename__ = "rollup_state"

    id: int = Field(primary_key=True)
    version: int
    zone: str = Field(max_length=100)
    tree: str = Field(max_length=64)
    parents: str
    building: int = Field(sa_type=BigInteger)
    regrouping: int = Field(sa_type=BigInteger)
    generation: int = Field(sa_type=BigInteger)
    latest: int
