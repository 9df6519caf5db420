"""Network addresses that may be called from here: those of the public internet and nothing else."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_CLOSED = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network (RFC 1122)
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own (RFC 6598)
        "127.0.0.0/8",
        "168.63.129.16/32",  # where Azure tells its secrets, inside every virtual network
        "169.254.0.0/16",  # link-local, and where clouds tell their secrets
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "::/3",  # what is not in 2000::/3 is no address of the internet (RFC 4291, 2.4): loopback, SIIT, private …
        "4000::/2",
        "8000::/1",
        "2001::/23",  # Teredo and others of the registry of special purposes
        "2001:db8::/32",
        "3fff::/20",
    )
)
"""The registries of special-purpose addresses (RFC 6890 and its updates)."""

_TRANSLATED = ip_network("64:ff9b::/96")
_SIX_TO_FOUR = ip_network("2002::/16")

Address = IPv4Address | IPv6Address


def read(text: str) -> Address:
    """Read an address, without the zone that link-local ones may have.

    Raises: ValueError.
    """
    return ip_address(text.partition("%")[0])


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the public internet, whatever it is wrapped in."""
    if isinstance(address, IPv6Address):
        inner = _unwrap(address)
        if inner is not None:
            return is_public(inner)
    return not any(address.version == network.version and address in network for network in _CLOSED)


def _unwrap(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that is meant by one of IPv6: mapped, translated (RFC 6052) or 6to4 (RFC 3056)."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        return address.sixtofour
    return None
