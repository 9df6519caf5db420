"""An installation has the channels that its settings say."""

import pytest
from pydantic import SecretStr, ValidationError

from app.core.config import Settings
from app.integrations import channels
from app.integrations.channels import UnusableChannel
from app.integrations.mail import ConsolePost, MailPost
from app.integrations.posts import MemoryPost, Refused
from tests.support.letters import Outside, make_outgoing

CHATS = {"slack", "teams"}


def make_settings(**values: object) -> Settings:
    return Settings.model_validate(
        {"environment": "test", "secret_key": "a secret for tests that is long enough", **values}
    )


def list_open(**values: object) -> set[str]:
    return set(channels.open_posts(make_settings(**values), call=Outside()))


def test_mail_and_push_are_there_when_they_are_set_up() -> None:
    mail = {"smtp_url": "smtp://mail.example", "mail_from": "Ideas <ideas@lumen.example>"}
    assert list_open() == CHATS
    assert list_open(**mail) == {*CHATS, "email"}
    assert list_open(vapid_subject="mailto:it@lumen.example") == {*CHATS, "push"}
    assert list_open(base_url="https://ideas.lumen.example") == {*CHATS, "push"}


def test_mail_goes_to_the_console_of_a_developer_and_to_a_server_when_there_is_one() -> None:
    given = {"smtp_url": "smtp://mail.example", "mail_from": "ideas@lumen.example"}
    here = channels.open_posts(make_settings(environment="development"), call=Outside())
    there = channels.open_posts(make_settings(environment="development", **given), call=Outside())
    anywhere = channels.open_posts(make_settings(smtp_url="console:"), call=Outside())
    assert isinstance(here["email"], ConsolePost)
    assert isinstance(there["email"], MailPost)
    assert isinstance(anywhere["email"], ConsolePost)


@pytest.mark.parametrize(
    "values",
    [
        {"smtp_url": "smtp://mail.example", "mail_from": "nobody"},
        {"smtp_url": "smtp://mail.example?tls=maybe", "mail_from": "ideas@lumen.example"},
        {"smtp_url": "smtp://", "mail_from": "ideas@lumen.example"},
        {"vapid_subject": "mailto:it@lumen.example", "vapid_private_key": "short"},
    ],
)
def test_a_setting_that_can_not_be_used_ends_the_start(values: dict[str, str]) -> None:
    with pytest.raises(UnusableChannel):
        list_open(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"smtp_url": "mail.example"},
        {"smtp_url": "smtp://mail.example"},
        {"vapid_subject": "it@lumen.example"},
    ],
)
def test_a_setting_that_is_half_made_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="IDEABOX_"):
        make_settings(**values)


def test_passwords_are_not_shown_with_the_settings() -> None:
    shown = repr(
        make_settings(
            smtp_url=SecretStr("smtp://box:s3cret@mail.example"),
            mail_from="ideas@lumen.example",
            vapid_private_key=SecretStr("k3y"),
        )
    )
    assert "s3cret" not in shown
    assert "k3y" not in shown


async def test_the_memory_keeps_messages_and_fails_as_planned() -> None:
    post = MemoryPost(Refused("planned"))
    message = make_outgoing("anna@lumen.example")
    with pytest.raises(Refused):
        await post.send(message)
    await post.send(message)
    assert post.sent == [message]
