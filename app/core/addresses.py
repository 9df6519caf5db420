"""Network addresses of clients, as far as they can be believed."""

from collections.abc import MutableMapping
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

UNKNOWN = "unknown"
_HOST_BITS = 64


def client_address(scope: MutableMapping[str, Any], *, trusted_proxies: int) -> str:
    """Return the address that a limit is counted for: IPv4 as it is, IPv6 as its /64 network.

    With n trusted proxies in front, each of which appends to `X-Forwarded-For` whom it was called by, the
    client is the n-th entry from the right; what stands further left is the client's own invention. A header
    that is shorter, or has no address at that place, was not written by these proxies: the peer counts then.
    One household or one rented server has a whole /64, so that single IPv6 addresses limit nobody.
    """
    peer = (scope.get("client") or (UNKNOWN, 0))[0]
    if trusted_proxies:
        values = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        hops = b",".join(values).decode("latin-1").split(",")
        if len(hops) >= trusted_proxies and (forwarded := _network(hops[-trusted_proxies].strip())):
            return forwarded
    return _network(peer) or UNKNOWN


def _network(text: str) -> str | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address) >> _HOST_BITS << _HOST_BITS, _HOST_BITS)))
