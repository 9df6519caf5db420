"""Which addresses are of the public internet."""

import pytest

from app.core import networks

PUBLIC = [
    "8.8.8.8", "1.1.1.1", "93.184.216.34", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1",
    "2606:4700:4700::1111", "2a00:1450:4007:80e::2004", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
]  # fmt: skip
INTERNAL = [
    "0.0.0.0",  # noqa: S104  an address to be refused
    "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001::1",
    "2001:db8::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1",
    "3fff::1", "5f00::1", "168.63.129.16", "::ffff:168.63.129.16", "::ffff:0:127.0.0.1", "64:ff9b::a83f:8110",
    "100:0:0:1::1", "200::1", "4000::1", "e000::1", "fe00::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet(address: str) -> None:
    assert networks.is_public(networks.read(address))


@pytest.mark.parametrize("address", INTERNAL)
def test_addresses_that_are_somebody_s_own(address: str) -> None:
    assert not networks.is_public(networks.read(address))
