"""The one door to the outside over HTTP: it calls public addresses only, and gives nobody more than a little time.

The name is resolved here, every address that it has is checked, and the connection goes to the address that was
checked: a name that changes its mind in between leads nowhere else. Redirects are answers like any other.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import httpx2

from app.core.config import Settings
from app.integrations.frontier import Closed, Frontier
from app.integrations.posts import Refused, Unreachable
from app.integrations.transports import Overrun, open_transport

SECONDS = 30.0
"""What a call may take altogether: name, connection, sending, answer."""

CONNECT_SECONDS = 5.0
"""What one address of a name may take to connect, so that there is time left for the next one."""

MOST_ADDRESSES = 4
"""Addresses of a name that are tried; all of them are checked."""

MOST_HEADERS = 100
"""Headers of an answer; the parser stops at 100 kB of them, however few."""

LOOKS = 128
"""Names that are looked up at once, by threads of their own, made when needed: as many as webhooks may call at once, or
name servers that never answer would hold up who calls somebody else."""

MOST_BYTES = 65_536
"""Bytes of the body of an answer that are read, as they come: nothing is unpacked."""

MOST_READ = 2 * MOST_BYTES
"""Bytes that are taken from the network for an answer, whatever they are; see `transports`."""

PORTS = frozenset({80, 443, *range(1024, 65_536)})
"""Ports that may be called; the others belong to services that don't speak HTTP."""

AGENT = "Ideabox"

REFUSED = "outbound.refused"
"""The reason given for every address that is not called: which rule it was maps the network."""

UNREACHABLE = "outbound.unreachable"
"""The reason given for everything that went wrong on the way."""


class OutboundRefused(Refused):
    """This address is never called."""

    def __init__(self) -> None:
        super().__init__(REFUSED)


class OutboundFailed(Unreachable):
    """There was no answer, or none that may be read."""

    def __init__(self) -> None:
        super().__init__(UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the status, headers with names in lower case, and the beginning of the body as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Guard:
    """Calls addresses outside; kept open for the life of a process."""

    def __init__(self, settings: Settings) -> None:
        """Take what the settings allow besides the public internet."""
        self._frontier = Frontier(settings, looks=LOOKS)
        self._transport = open_transport(MOST_READ)

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a body to a URL and return the answer, whatever its status.

        Raises: OutboundRefused for an address that is never called, OutboundFailed when there was no answer in time.
        """
        try:
            async with asyncio.timeout(SECONDS):
                target = _read(url)
                *others, last = (await self._list_addresses(target))[:MOST_ADDRESSES]
                for address in others:
                    try:
                        return await self._send(target, address, body, headers)
                    except (httpx2.ConnectError, httpx2.ConnectTimeout):
                        continue
                return await self._send(target, last, body, headers)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, TimeoutError) as error:
            raise OutboundFailed from error

    async def close(self) -> None:
        """Close what is open; a look at a name that is under way ends by itself."""
        self._frontier.close()
        await self._transport.aclose()

    async def _list_addresses(self, target: httpx2.URL) -> Sequence[str]:
        """Return the addresses of a host, all of which may be called."""
        host = target.raw_host.decode("ascii")
        try:
            return await self._frontier.find_addresses(
                host, _get_port(target), scheme=target.scheme, shown=target.host
            )
        except Closed as error:
            raise OutboundRefused from error

    async def _send(
        self, target: httpx2.URL, address: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        # Compared without case: what the caller gives takes the place of the first, never of the last.
        sent = httpx2.Headers({"User-Agent": AGENT})
        sent.update(headers)
        sent.update(
            {"Host": target.netloc.decode("ascii"), "Accept-Encoding": "identity", "Connection": "close"}
        )
        asked = httpx2.Request(
            "POST",
            target.copy_with(host=address),
            headers=sent,
            content=body,
            # The certificate has to be that of the name, not of the address.
            extensions={"sni_hostname": _get_name(target), "timeout": {"connect": CONNECT_SECONDS}},
        )
        try:
            response = await self._transport.handle_async_request(asked)
        except Overrun as error:
            raise OutboundFailed from error
        try:
            if len(response.headers.raw) > MOST_HEADERS:
                raise OutboundFailed
            taken = await _take(response)
        finally:
            await response.aclose()
        found = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, found, taken[:MOST_BYTES])


async def _take(response: httpx2.Response) -> bytes:
    """Return the beginning of a body, which may be cut anywhere from `MOST_BYTES` on, or where it is too wordy."""
    taken = b""
    with suppress(Overrun):
        async for part in response.aiter_raw():
            taken += part
            if len(taken) >= MOST_BYTES:
                break
    return taken


def _read(url: str) -> httpx2.URL:
    """Read a URL that could be called: http or https, a host, no user, a port of the web.

    Raises: OutboundRefused.
    """
    try:
        target = httpx2.URL(url)
        port = _get_port(target)
    except (httpx2.InvalidURL, ValueError) as error:
        raise OutboundRefused from error
    sound = target.scheme in ("http", "https") and target.host and not target.userinfo and not target.fragment
    if not sound or port not in PORTS:
        raise OutboundRefused
    return target


def _get_name(target: httpx2.URL) -> str:
    """Return the host as it is looked up and as a certificate has it."""
    return target.raw_host.decode("ascii").lower().rstrip(".")


def _get_port(target: httpx2.URL) -> int:
    if target.port is None:
        return 443 if target.scheme == "https" else 80
    return target.port
