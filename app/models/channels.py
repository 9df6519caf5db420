"""Where messages reach a person, beside the mail address of the directory."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, reference


class PushSubscription(SQLModel, table=True):
    """A browser that takes notifications; the keys are base64url, as the Push API gives them."""

    __tablename__ = "push_subscriptions"

    id: str = key()
    employee_id: str = reference("employees.id", index=True)
    endpoint: str = Field(unique=True, max_length=1000)
    p256dh: str = Field(max_length=100)
    auth: str = Field(max_length=40)
    created_at: datetime = moment()


class ChatAddress(SQLModel, table=True):
    """The incoming webhook of a person's chat: whoever knows the address can write there, so it is never shown."""

    __tablename__ = "chat_addresses"

    employee_id: str = reference("employees.id", primary_key=True)
    channel: str = Field(primary_key=True, max_length=10)
    url: str = Field(max_length=1000)
    created_at: datetime = moment()
