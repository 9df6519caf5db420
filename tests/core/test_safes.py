"""Safes: what is locked opens for its own context only, under the present secret and earlier ones."""

import pytest

from app.core.security.safes import CannotOpen, Safe

SECRET, EARLIER = "a secret of an installation, long enough", "the secret before it, as long as it must be"


def test_what_is_locked_opens_for_its_context_only() -> None:
    safe = Safe([SECRET])
    locked = safe.lock("whsec_clé", "webhook", "a")
    assert "whsec" not in locked
    assert locked != safe.lock("whsec_clé", "webhook", "a")
    assert safe.open(locked, "webhook", "a") == "whsec_clé"
    for context in (("webhook", "b"), ("webhooka",), ("webhook", "a", ""), ()):
        with pytest.raises(CannotOpen):
            safe.open(locked, *context)


def test_what_was_changed_or_is_nothing_does_not_open() -> None:
    safe = Safe([SECRET])
    locked = safe.lock("text", "c")
    swapped = "B" if locked[20] == "A" else "A"
    for wrong in (locked[:20] + swapped + locked[21:], locked[:-4], "", "x", "AAAA", "é"):
        with pytest.raises(CannotOpen):
            safe.open(wrong, "c")


def test_a_rotation_of_the_installation_keeps_what_was_locked() -> None:
    locked = Safe([EARLIER]).lock("text", "c")
    assert Safe([SECRET, EARLIER]).open(locked, "c") == "text"
    with pytest.raises(CannotOpen):
        Safe([SECRET]).open(locked, "c")
    with pytest.raises(CannotOpen):
        Safe([EARLIER]).open(Safe([SECRET, EARLIER]).lock("text", "c"), "c")
