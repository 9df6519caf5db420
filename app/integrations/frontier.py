"""The frontier: which addresses outside may be called, known by every process, also by those that call none."""

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_network
from urllib.parse import urlsplit

from app.core import networks
from app.core.config import Settings

LOOK_SECONDS = 2.0
"""After how long a check says no to a name, whatever was found: the time would tell which names there are inside."""

_WITHIN = frozenset({"arpa", "corp", "home", "internal", "intranet", "lan", "local", "localhost", "private"})
"""Last labels of names that nobody outside has: whether they are there is not told."""


class Closed(Exception):
    """This address is never called."""


class NameUnknown(Exception):
    """This name has no address now, or nobody said so in time."""


class Frontier:
    """Looks names up, and lets pass those all of whose addresses may be called."""

    def __init__(self, settings: Settings, *, looks: int) -> None:
        """Take what the settings allow besides the public internet; so many names are looked up at once."""
        self._encrypted = settings.environment == "production"
        names = [name.strip().lower().rstrip(".") for name in settings.outbound_allow if name.strip()]
        self._networks = [ip_network(name, strict=False) for name in names if _is_network(name)]
        self._names = frozenset(name for name in names if not _is_network(name))
        self._resolver = ThreadPoolExecutor(looks, thread_name_prefix="names")

    async def find_addresses(self, host: str, port: int, *, scheme: str, shown: str = "") -> Sequence[str]:
        """Return the addresses of a host (in ASCII), all of which may be called; `shown` is its readable form.

        Raises: Closed; OSError when there is none.
        """
        named = not self._names.isdisjoint((shown.rstrip("."), host.lower().rstrip(".")))
        addresses = await self._resolve(host, port)
        within = all(self._is_allowed(address) for address in addresses)
        if not named and not within and not all(map(_is_public, addresses)):
            raise Closed
        if self._encrypted and scheme != "https" and not (named or within):
            raise Closed
        return addresses

    async def check(self, url: str) -> None:
        """Let pass a URL of a sound spelling that could be called now, without calling it.

        A name that is not there and one that leads inside are refused after the same time; and with the same words, if
        it is a name that only the inside can have.

        Raises: Closed, NameUnknown.
        """
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        loop = asyncio.get_running_loop()
        told_at = loop.time() + LOOK_SECONDS
        try:
            async with asyncio.timeout_at(told_at):
                await self.find_addresses(host, port, scheme=parts.scheme)
        except (OSError, Closed) as error:
            await asyncio.sleep(told_at - loop.time())
            if isinstance(error, Closed) or _is_of_the_inside(host):
                raise Closed from error
            raise NameUnknown from error

    def close(self) -> None:
        """Close what is open; a look at a name that is under way ends by itself."""
        self._resolver.shutdown(wait=False, cancel_futures=True)

    async def _resolve(self, host: str, port: int) -> Sequence[str]:
        """Return every address of a host.

        Raises: OSError when there is none.
        """
        look = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._resolver, look)
        except UnicodeError as error:
            raise Closed from error
        addresses = list(dict.fromkeys(str(place[0]) for *_, place in found))
        if not addresses:
            raise OSError("a name without an address")
        return addresses

    def _is_allowed(self, address: str) -> bool:
        found = networks.read(address)
        return any(found.version == network.version and found in network for network in self._networks)


def _is_of_the_inside(host: str) -> bool:
    *above, last = host.rstrip(".").lower().split(".")
    return not above or last in _WITHIN


def _is_public(address: str) -> bool:
    return networks.is_public(networks.read(address))


def _is_network(name: str) -> bool:
    try:
        ip_network(name, strict=False)
    except ValueError:
        return False
    return True
