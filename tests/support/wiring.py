"""The parts of an application, as tests put them together."""

import pytest

from app.core.config import Settings
from app.core.security import passwords
from app.main import wire
from app.routers.wiring import Wiring


def wire_up(settings: Settings) -> Wiring:
    """Build the parts of an application as `wire` does, but for passwords that take next to no time to hash."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "MEMORY_KIB", 64)
        patch.setattr(passwords, "ROUNDS", 1)
        return wire(settings)
