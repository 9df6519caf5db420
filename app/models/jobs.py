"""What the jobs did, over all processes and for good."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from app.models.columns import optional_moment


class JobRecord(SQLModel, table=True):
    """The sums of one job, a drain or a periodic run, by its name.

    `failure` is the kind of the error that ended a run last, never its words: they may be people's.
    """

    __tablename__ = "job_records"

    job: str = Field(primary_key=True, max_length=60)
    runs: int = Field(sa_type=BigInteger)
    failures: int = Field(sa_type=BigInteger)
    handled: int = Field(sa_type=BigInteger)
    seconds: float
    succeeded_at: datetime | None = optional_moment()
    failed_at: datetime | None = optional_moment()
    failure: str | None = Field(default=None, max_length=100)
