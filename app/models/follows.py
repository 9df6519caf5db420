"""Who follows what: known to the follower alone."""

from datetime import datetime

from sqlmodel import SQLModel

from app.models.columns import moment, reference


class IdeaFollow(SQLModel, table=True):
    """That somebody follows an idea."""

    __tablename__ = "idea_follows"

    follower_id: str = reference("employees.id", primary_key=True)
    idea_id: str = reference("ideas.id", primary_key=True, index=True, cascade=True)
    followed_at: datetime = moment()


class EmployeeFollow(SQLModel, table=True):
    """That somebody follows a person."""

    __tablename__ = "employee_follows"

    follower_id: str = reference("employees.id", primary_key=True)
    employee_id: str = reference("employees.id", primary_key=True, index=True)
    followed_at: datetime = moment()


class FunctionFollow(SQLModel, table=True):
    """That somebody follows a function."""

    __tablename__ = "function_follows"

    follower_id: str = reference("employees.id", primary_key=True)
    function_id: str = reference("functions.id", primary_key=True, index=True)
    followed_at: datetime = moment()


class CampaignFollow(SQLModel, table=True):
    """That somebody follows a campaign."""

    __tablename__ = "campaign_follows"

    follower_id: str = reference("employees.id", primary_key=True)
    campaign_id: str = reference("campaigns.id", primary_key=True, index=True, cascade=True)
    followed_at: datetime = moment()
