"""Device secrets: proof that somebody signed in to an account from here before.

The device cookies of OWASP's "Slow Down Online Guessing Attacks with Device Cookies": a random number and
a seal over it and the account, so that nothing is stored and unknown accounts look like known ones.
"""

from app.core import ids
from app.core.security.seals import Seals

_PURPOSE = "device"


def issue(seals: Seals, account: str) -> str:
    """Return a fresh secret for a device on which somebody proved to own an account (a folded name)."""
    number = ids.new()
    return f"{number}.{seals.make(_PURPOSE, number, account)}"


def find(seals: Seals, device: str, account: str) -> str | None:
    """Return the number of a device that is known for this account, None for every other text."""
    number, _, seal = device.partition(".")
    if not ids.is_valid(number) or not seals.fits(seal, _PURPOSE, number, account):
        return None
    return number
