"""The key of web push is the same wherever the secret is, and can be given instead."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from app.core.config import Settings
from app.integrations import vapid

SECRET = "a secret for tests that is long enough"


def make_settings(**values: object) -> Settings:
    return Settings.model_validate({"environment": "test", "secret_key": SecretStr(SECRET), **values})


def test_the_same_secret_gives_the_same_key_and_another_one_another() -> None:
    assert vapid.derive_key(SECRET).public == vapid.derive_key(SECRET).public
    assert vapid.derive_key(SECRET).public != vapid.derive_key(SECRET + "!").public


def test_the_public_key_is_the_point_that_browsers_want() -> None:
    point = base64.urlsafe_b64decode(vapid.derive_key(SECRET).public + "=")
    assert (len(point), point[0]) == (65, 4)


@given(st.integers(min_value=1, max_value=2**255))
def test_a_key_is_read_as_the_usual_tools_write_it(scalar: int) -> None:
    text = base64.urlsafe_b64encode(scalar.to_bytes(32, "big")).rstrip(b"=").decode()
    assert vapid.read_key(text).private.private_numbers().private_value == scalar


@pytest.mark.parametrize("text", ["", "short", "A" * 43, "_" * 43, "é" * 43, "A" * 45])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="key of web push"):
        vapid.read_key(text)


def test_a_key_that_was_set_goes_before_the_secret() -> None:
    text = base64.urlsafe_b64encode((7).to_bytes(32, "big")).decode()
    given_key = vapid.get_key(make_settings(vapid_private_key=SecretStr(text)))
    assert given_key.private.private_numbers().private_value == 7
    assert vapid.get_key(make_settings()).public == vapid.derive_key(SECRET).public


@pytest.mark.parametrize(
    ("values", "subject"),
    [
        ({}, None),
        ({"base_url": "https://ideas.example.com"}, "https://ideas.example.com"),
        ({"vapid_subject": "mailto:it@lumen.example"}, "mailto:it@lumen.example"),
    ],
)
def test_push_services_are_told_whom_to_write_to(values: dict[str, str], subject: str | None) -> None:
    assert vapid.find_subject(make_settings(**values)) == subject
