"""What a one-time link may be for."""

import pytest

from app.domain import links
from app.domain.links import AlreadyJoined, Purpose


@pytest.mark.parametrize(("has_password", "purpose"), [(False, Purpose.INVITATION), (True, Purpose.RESET)])
def test_without_a_purpose_the_account_decides(has_password: bool, purpose: Purpose) -> None:
    assert links.choose_purpose(has_password=has_password) is purpose
    links.check_purpose(purpose, has_password=has_password)


def test_an_invitation_is_no_way_past_a_password() -> None:
    links.check_purpose(Purpose.RESET, has_password=False)
    with pytest.raises(AlreadyJoined):
        links.check_purpose(Purpose.INVITATION, has_password=True)
