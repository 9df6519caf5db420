"""Transports of HTTP that take only so much from the network: heads and the seams between parts are counted too.

Bounds on the body alone are no bounds: a receiver can send preliminary answers, or extensions of chunks, for as long
as the call lasts, and the parser is busy with each of them (26 MB in six seconds held up everything else by 80 ms
at a time).
"""

import ssl
from collections.abc import Iterable
from typing import Any

import httpx2
from httpcore2 import SOCKET_OPTION, AnyIOBackend, AsyncNetworkBackend, AsyncNetworkStream

_PIECE = 8_192
"""Bytes that are read at once: between two pieces, which may be hundreds of heads, others have their turn."""


class Overrun(Exception):
    """More was sent than is taken."""


def open_transport(most: int) -> httpx2.AsyncHTTPTransport:
    """Return a transport that reads so many bytes of each connection, which serves one request.

    It follows no redirect, keeps no cookie, asks no proxy and tries nothing again; no receiver can have it agree
    upon keys over and over. It raises `Overrun` where an answer goes on after `most` bytes.
    """
    context = httpx2.create_ssl_context(trust_env=False)
    context.options |= ssl.OP_NO_RENEGOTIATION
    transport = httpx2.AsyncHTTPTransport(
        verify=context, trust_env=False, retries=0, limits=httpx2.Limits(max_keepalive_connections=0)
    )
    # The library takes this for its pools, but has no parameter for it in its transports.
    transport._pool._network_backend = _Metering(most)  # noqa: SLF001  a test sees that it counts
    return transport


class _Metering(AsyncNetworkBackend):
    """Connects as usual; of each connection only so many bytes are read, counted after decryption."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._plain = AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the signature is the library's
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Connect and return the metered stream."""
        stream = await self._plain.connect_tcp(host, port, timeout, local_address, socket_options)
        return _Metered(stream, self._most)

    async def sleep(self, seconds: float) -> None:
        """Sleep, between attempts to connect."""
        await self._plain.sleep(seconds)


class _Metered(AsyncNetworkStream):
    def __init__(self, stream: AsyncNetworkStream, most: int) -> None:
        self._stream = stream
        self._left = most

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  the same
        if not self._left:
            raise Overrun
        part = await self._stream.read(min(max_bytes, self._left, _PIECE), timeout)
        self._left -= len(part)
        return part

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  the same
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  the same
    ) -> AsyncNetworkStream:
        return _Metered(await self._stream.start_tls(ssl_context, server_hostname, timeout), self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
