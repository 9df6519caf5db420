"""Trial: huge and broken requests are refused at once, and take little memory; so do many passwords at a time."""

import asyncio
import time

import httpx2

from app.demo.accounts import PASSWORD
from tests.chaos import gauges, people, sockets
from tests.chaos.gauges import MIB
from tests.chaos.huge_requests import FORM, HUGE, SIGN_IN, HugeRequest
from tests.chaos.installation import Installation, Process
from tests.chaos.trials import Outcome

_TRIES = 3
_GROWTH = 100 * MIB
_SIGN_INS = 200
_MEMORY_OF_SIGN_INS = 512 * MIB
_LONG_PASSWORD_SECONDS = 0.1
_PIPELINED = 50_000


async def run(installation: Installation, seed: int) -> Outcome:
    """Send every huge request, many requests without waiting, and many passwords."""
    outcome = Outcome()
    async with installation.serving() as server:
        admin, employee = await choose(installation, server)
        await sockets.ask(server.base_url, [sockets.head("GET", "/api/v1/ideas", employee)])
        for request in HUGE:
            await refuse(outcome, server, request, admin if request.as_admin else employee)
        await _pipeline(outcome, server, employee)
        await _sign_in_with_a_megabyte(outcome, server)
        await _sign_in_together(outcome, installation, server)
        if (await sockets.ask(server.base_url, [sockets.head("GET", "/health/ready")])).status != 200:
            outcome.faults.append("the server is not ready any more")
    outcome.faults += await installation.examine()
    return outcome


async def choose(installation: Installation, server: Process) -> tuple[str, str]:
    """Return the tokens of an admin and of somebody without a role."""
    world = await people.look_around(installation, server.base_url)
    admin = next(person for person in world.people if "admin" in person.roles)
    employee = next(person for person in world.people if person.roles in ((), ("employee",)))
    return admin.token, employee.token


async def refuse(outcome: Outcome, server: Process, request: HugeRequest, token: str) -> None:
    """Send a request up to some times: the machine may be busy with something else once."""
    outcome.count("huge requests")
    answer, grown = sockets.NOTHING, 0
    for _ in range(_TRIES):
        gauges.reset_peak(server.pid)
        before = gauges.resident(server.pid)
        answer = await sockets.ask(server.base_url, request.build(token))
        grown = gauges.peak(server.pid) - before
        if answer.seconds <= request.seconds and grown <= _GROWTH:
            break
    if answer.status not in request.may:
        outcome.faults.append(f"{request.name}: answered {answer.status} {answer.body[:200]!r}")
    elif answer.problem is None:
        outcome.faults.append(
            f"{request.name}: {answer.status} without a problem document: {answer.body[:100]!r}"
        )
    if answer.seconds > request.seconds:
        outcome.faults.append(f"{request.name}: took {answer.seconds:.2f} s")
    if grown > _GROWTH:
        outcome.faults.append(f"{request.name}: took {grown // MIB} MiB")
    outcome.counts["s the slowest"] = max(
        float(outcome.counts.get("s the slowest", 0)), round(answer.seconds, 2)
    )
    outcome.counts["MiB the hungriest"] = max(int(outcome.counts.get("MiB the hungriest", 0)), grown // MIB)


async def _pipeline(outcome: Outcome, server: Process, token: str) -> None:
    """Ask on and on without reading an answer."""
    gauges.reset_peak(server.pid)
    before = gauges.resident(server.pid)
    request = sockets.head("GET", "/health/live", token)
    await sockets.ask(server.base_url, [request * 100] * (_PIPELINED // 100), within=10)
    outcome.counts["pipelined requests"] = _PIPELINED
    if (grown := gauges.peak(server.pid) - before) > _GROWTH:
        outcome.faults.append(f"{_PIPELINED} pipelined requests: took {grown // MIB} MiB")


async def _sign_in_with_a_megabyte(outcome: Outcome, server: Process) -> None:
    """Offer a password of almost a megabyte, which is never hashed."""
    body = b"username=a%40company.example&password=" + b"a" * (MIB - 100)
    request = sockets.post(SIGN_IN, "", body, FORM)
    answers = [await sockets.ask(server.base_url, request) for _ in range(5)]
    best = min(answer.seconds for answer in answers)
    outcome.counts["ms for a password of 1 MB"] = round(best * 1000)
    if {answer.status for answer in answers} - {413, 422} or best > _LONG_PASSWORD_SECONDS:
        outcome.faults.append(f"a password of 1 MB: {[answer.status for answer in answers]}, {best:.2f} s")


async def _sign_in_together(outcome: Outcome, installation: Installation, server: Process) -> None:
    """Have many people sign in at the same moment, right and wrong."""
    emails = list(installation.tokens)
    gauges.reset_peak(server.pid)
    begin = time.monotonic()
    limits = httpx2.Limits(max_connections=_SIGN_INS)
    async with httpx2.AsyncClient(base_url=server.base_url, timeout=60, limits=limits) as http:
        forms = [{"username": emails[n % len(emails)], "password": PASSWORD} for n in range(_SIGN_INS)]
        answers = await asyncio.gather(*(http.post(SIGN_IN, data=form) for form in forms))
    highest = gauges.peak(server.pid)
    outcome.counts[f"MiB at {_SIGN_INS} sign-ins"] = highest // MIB
    outcome.counts["sign-ins per second"] = round(_SIGN_INS / (time.monotonic() - begin))
    statuses = {answer.status_code for answer in answers}
    if statuses - {200, 401, 429, 503}:
        outcome.faults.append(f"{_SIGN_INS} sign-ins at a time answered {sorted(statuses)}")
    if highest > _MEMORY_OF_SIGN_INS:
        outcome.faults.append(f"{_SIGN_INS} sign-ins at a time took {highest // MIB} MiB")
