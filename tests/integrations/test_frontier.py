"""Where the outside begins: what may be called is known without calling anybody."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from app.integrations import frontier
from app.integrations.frontier import Closed, Frontier, NameUnknown
from tests.conftest import make_settings

PUBLIC, INSIDE = "93.184.216.34", "10.0.0.7"


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names mean; a name that is not here is not there."""
    known: dict[str, list[str]] = {}
    plainly = socket.getaddrinfo

    def look(host: str, port: int, **options: Any) -> list[Any]:
        if host not in known:
            return list(plainly(host, port, flags=socket.AI_NUMERICHOST, **options))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    return known


async def check(directory: Path, url: str, *allowed: str, environment: str = "production") -> str:
    """Tell what comes of a check."""
    settings = make_settings(f"sqlite:///{directory}/none.db", directory)
    made = Frontier(
        settings.model_copy(update={"outbound_allow": [*allowed], "environment": environment}), looks=2
    )
    try:
        await made.check(url)
    except (Closed, NameUnknown) as error:
        return type(error).__name__
    finally:
        made.close()
    return "open"


@pytest.mark.parametrize(
    ("addresses", "outcome"),
    [
        ([PUBLIC], "open"),
        (["2606:2800:220:1::1"], "open"),
        ([INSIDE], "Closed"),
        ([PUBLIC, INSIDE], "Closed"),
        (["169.254.169.254"], "Closed"),
        (["::ffff:127.0.0.1"], "Closed"),
        ([], "NameUnknown"),
    ],
)
async def test_every_address_of_a_name_has_to_be_public(
    tmp_path: Path, looks: dict[str, list[str]], addresses: list[str], outcome: str
) -> None:
    looks["hooks.company.com"] = addresses
    assert await check(tmp_path, "https://hooks.company.com/x") == outcome


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "2130706433", "[::1]", "[fd00:ec2::254]", "10.1"])
async def test_no_spelling_of_an_inner_address_passes(
    tmp_path: Path, looks: dict[str, list[str]], host: str
) -> None:
    assert await check(tmp_path, f"https://{host}:8443/") == "Closed"


@pytest.mark.parametrize("host", ["payroll", "payroll.intranet", "a.b.local", "x.corp."])
async def test_whether_a_name_is_there_inside_is_not_told(
    tmp_path: Path, looks: dict[str, list[str]], host: str
) -> None:
    assert await check(tmp_path, f"https://{host}/") == "Closed"
    looks[host] = [INSIDE]
    assert await check(tmp_path, f"https://{host}/") == "Closed"


@pytest.mark.parametrize("addresses", [[INSIDE], []])
async def test_a_no_takes_the_same_time_whatever_was_found(
    tmp_path: Path, looks: dict[str, list[str]], addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontier, "LOOK_SECONDS", 0.1)
    looks["hooks.company.com"] = addresses
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await check(tmp_path, "https://hooks.company.com/") != "open"
    assert loop.time() - began >= 0.09


@pytest.mark.parametrize(
    ("url", "allowed", "environment", "outcome"),
    [
        ("http://chat.intranet/", ["chat.intranet"], "production", "open"),
        ("http://chat.intranet:8080/", ["10.0.0.0/16"], "production", "open"),
        ("http://10.0.0.7/", ["10.0.0.0/16"], "production", "open"),
        ("http://chat.intranet/", ["10.9.0.0/16"], "production", "Closed"),
        ("http://chat.intranet/", ["other.intranet"], "production", "Closed"),
        ("http://hooks.company.com/", ["chat.intranet"], "production", "Closed"),
        ("https://hooks.company.com/", ["chat.intranet"], "production", "open"),
        ("http://hooks.company.com/", [], "test", "open"),
        ("http://gone.intranet/", ["gone.intranet"], "production", "Closed"),
    ],
)
async def test_what_settings_allow_passes_also_without_encryption(
    tmp_path: Path,
    looks: dict[str, list[str]],
    url: str,
    allowed: list[str],
    environment: str,
    outcome: str,
) -> None:
    looks |= {"chat.intranet": [INSIDE], "hooks.company.com": [PUBLIC]}
    assert await check(tmp_path, url, *allowed, environment=environment) == outcome
