"""Bad input to every operation of the published document: refused in one form, and nothing is changed."""

import json

import pytest

from tests.fuzz import documents, inputs
from tests.fuzz.ground import Findings, Ground
from tests.fuzz.wire import JSON, Headers, send

CHOICES = frozenset({"what", "file_format"})
"""Parts of addresses with a few values that stand in the document."""

MOVING = frozenset(
    {
        *(
            f"/api/v1/exports/{what}.{{file_format}}"
            for what in ("engagement", "ideas", "itineraries", "benefits")
        ),
        "/api/v1/exports/{export_id}/file",
        "/api/v1/me/data",
        "/api/v1/me/data.html",
        "/api/v1/register.csv",
    }
)
"""Files that say when they were made, one that has to be made first, and what is streamed: to a client that has
gone after its request, as here, as much as was written by then."""


async def test_bodies_with_one_bad_field(ground: Ground, findings: Findings) -> None:
    for operation in ground.operations:
        if operation.reads_json:
            assert operation.body is not None
            for what, body in inputs.list_bad_fields(operation.body, ground.body_of(operation)):
                answer = await ground.send(operation, headers=JSON, chunks=(body,))
                findings.note(operation, what, answer, "422 requests.invalid")
    findings.check(1_000)


@pytest.mark.on_sqlite("refused before anything is read")
async def test_bodies_that_are_no_such_document(ground: Ground, findings: Findings) -> None:
    for operation in ground.operations:
        if operation.reads_json:
            for what, body in documents.list_bad_documents(ground.body_of(operation)):
                answer = await ground.send(operation, headers=JSON, chunks=(body[:100], body[100:]))
                findings.note(operation, what, answer, "422 requests.invalid")
    findings.check(500)


@pytest.mark.on_sqlite("refused before anything is read")
async def test_bodies_of_another_type(ground: Ground, findings: Findings) -> None:
    for operation in ground.operations:
        if operation.reads_json:
            body = json.dumps(ground.body_of(operation)).encode()
            for kind in inputs.BAD_TYPES:
                answer = await ground.send(operation, headers=((b"content-type", kind),), chunks=(body,))
                findings.note(operation, repr(kind[:40]), answer, "415 requests.not-json")
    findings.check(100)


@pytest.mark.on_sqlite("refused before anything is read")
async def test_bodies_beyond_the_limit(ground: Ground, findings: Findings) -> None:
    for operation in ground.operations:
        limit = (
            ground.app.state.wiring.settings.max_import_bytes if "imports" in operation.path else 1_048_576
        )
        declared: Headers = (*JSON, (b"content-length", b"%d" % 100_000_000))
        answer = await ground.send(operation, headers=declared)
        findings.note(operation, "100 MB declared", answer, "413 requests.too-large")
        absurd: Headers = (*JSON, (b"content-length", b"9" * 5_000))
        answer = await ground.send(operation, headers=absurd)
        findings.note(operation, "10^5000 bytes declared", answer, "413 requests.too-large")
        for wrong in (b"-1", b"1e3", b"0x10", b"", b"1_0", "\u0663".encode(), b"1, 1", b"+5"):
            answer = await ground.send(operation, headers=(*JSON, (b"content-length", wrong)))
            findings.note(operation, f"{wrong!r} bytes declared", answer, "400 requests.malformed")
        if operation.body is not None and operation.signed_in:
            headers = ((b"content-type", operation.media_types[0].encode()),)
            chunk = b" " * 524_288
            answer = await ground.send(
                operation, headers=headers, chunks=(chunk,) * (limit // len(chunk) + 2)
            )
            findings.note(operation, "too many chunks", answer, "413 requests.too-large")
    findings.check(500)


async def test_query_parameters(ground: Ground, findings: Findings) -> None:
    for operation in ground.operations:
        if not operation.path.startswith("/api/"):
            continue
        for unknown in (
            b"surprise=1",
            b"surprise",
            b"=1",
            b"Limit=5",
            b"limit%20=5",
            b"limit[]=5",
            b"%F0%9F%A6%8A=1",
            b"a&b",
        ):
            answer = await ground.send(operation, query=unknown)
            findings.note(operation, f"?{unknown.decode()}", answer, "422 requests.invalid")
        for bad in inputs.BAD_TEXT_IN_ADDRESS:
            for query in (bad, b"limit=" + bad, b"q=" + bad):
                answer = await ground.send(operation, query=query)
                findings.note(operation, f"?{query!r}", answer, "400 requests.malformed")
        headers, body = ground.fit(operation)
        for name, schema in operation.query.items():
            for value in inputs.list_bad_values(name, schema):
                query = name.encode() + b"=" + value
                answer = await ground.send(operation, query=query, headers=headers, chunks=(body,))
                findings.note(operation, f"?{name}={value[:40].decode()}", answer, "422 requests.invalid")
            if inputs.name_query_kind(name, schema) == "date":
                for value in inputs.EXTREME_DAYS:
                    answer = await ground.send(operation, query=name.encode() + b"=" + value)
                    findings.note(operation, f"?{name}={value.decode()}", answer, "200", "422")
    findings.check(1_000)


async def test_identifiers_of_nothing(ground: Ground, findings: Findings) -> None:
    for operation in ground.operations:
        names = [name for name in ground.known if f"{{{name}}}" in operation.path]
        for name in names:
            headers, body = ground.fit(operation)
            headers = (*headers, (b"if-match", b"*"))
            before, after = operation.path.split(f"{{{name}}}")
            others = {**ground.known, "employee_id": "me"} if name != "employee_id" else ground.known
            for strange in inputs.STRANGE_IDS:
                path = _fill(before, others).encode() + strange + _fill(after, others).encode()
                answer = await ground.send(
                    operation, path=path, query=operation.needed, headers=headers, chunks=(body,)
                )
                choice = ("422 requests.invalid",) if name in CHOICES else ()
                findings.note(operation, f"{name}={strange[:40].decode()}", answer, "404", *choice)
            for bad in inputs.BAD_TEXT_IN_ADDRESS:
                path = _fill(before, others).encode() + bad + _fill(after, others).encode()
                answer = await ground.send(operation, path=path, headers=headers, chunks=(body,))
                findings.note(operation, f"{name}={bad!r}", answer, "400 requests.malformed")
            for elsewhere in (b"", b"../admin", b"%2F", b"a%2Fb", b"..%2f..", b"a/b/c/d", b"//"):
                path = _fill(before, others).encode() + elsewhere + _fill(after, others).encode()
                answer = await ground.send(operation, path=path, headers=headers, chunks=(body,))
                findings.note(operation, f"{name}={elsewhere.decode()}", answer, "404", "405")
    findings.check(1_000)


def _fill(path: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        path = path.replace(f"{{{name}}}", value)
    return path


@pytest.mark.on_sqlite("refused before anything is read")
async def test_nobody_gets_anything(ground: Ground, findings: Findings) -> None:
    for operation in ground.operations:
        if not operation.signed_in:
            continue
        for given in (None, *inputs.BAD_AUTHORIZATIONS):
            headers: Headers = () if given is None else ((b"authorization", given),)
            answer = await ground.send(operation, headers=headers, signed_in=False)
            findings.note(operation, f"Authorization {(given or b'')[:40]!r}", answer, "401")
        answer = await ground.send(operation, headers=JSON, chunks=(b"[" * 100_000,), signed_in=False)
        findings.note(operation, "nobody's bad body", answer, "401")
        answer = await ground.send(operation, query=b"surprise=1", signed_in=False)
        findings.note(operation, "nobody's unknown parameter", answer, "401")
    findings.check(1_000)


@pytest.mark.on_sqlite("refused before anything is read")
async def test_headers_that_are_no_text(ground: Ground, findings: Findings) -> None:
    for operation in ground.operations:
        for name in (
            b"authorization",
            b"x-any",
            b"if-match",
            b"idempotency-key",
            b"accept",
            b"cookie",
            b"user-agent",
        ):
            for bad in inputs.NOT_TEXT:
                answer = await ground.send(operation, headers=((name, bad),))
                findings.note(operation, f"{name.decode()} {bad!r}", answer, "400 requests.malformed")
    findings.check(1_000)


@pytest.mark.on_sqlite("refused before anything is read")
async def test_versions_that_fit_nothing(ground: Ground, findings: Findings) -> None:
    for operation in ground.operations:
        if "If-Match" in operation.takes:
            headers, body = ground.fit(operation)
            path = operation.fill({**ground.known, "idea_id": ground.known["draft"]})
            for version in inputs.BAD_VERSIONS:
                given = (*headers, (b"if-match", version))
                answer = await ground.send(operation, path=path, headers=given, chunks=(body,))
                findings.note(operation, f"If-Match {version[:40]!r}", answer, "412")
            answer = await ground.send(operation, path=path, headers=headers, chunks=(body,))
            findings.note(operation, "no If-Match", answer, "428")
    findings.check(40)


async def test_idempotency_keys(ground: Ground, findings: Findings) -> None:
    for operation in ground.operations:
        if "Idempotency-Key" in operation.takes:
            headers, body = ground.fit(operation)
            for key in inputs.BAD_KEYS:
                answer = await ground.send(
                    operation, headers=(*headers, (b"idempotency-key", key)), chunks=(body,)
                )
                findings.note(operation, f"key {key[:20]!r}", answer, "422 idempotency.key-not-right")
    findings.check(60)


async def test_strange_headers_change_no_reading(ground: Ground, findings: Findings) -> None:
    for operation in ground.operations:
        if operation.method != "GET" or operation.path.startswith("/health/") or operation.path in MOVING:
            continue
        idea = ground.known["restricted" if "/restriction" in operation.path else "idea_id"]
        path = operation.fill({**ground.known, "idea_id": idea})
        plain = await ground.send(operation, path=path, query=operation.needed)
        findings.note(operation, "nothing strange", plain, "200")
        for together in inputs.STRANGE_HEADERS:
            answer = await ground.send(operation, path=path, query=operation.needed, headers=together)
            findings.note(operation, repr(together)[:300], answer, "200")
            if answer.body != plain.body:
                findings.lines.append(f"{operation}, {together!r}"[:300] + ": another answer")
    findings.check(100)


@pytest.mark.on_sqlite("refused before anything is read")
async def test_methods_that_an_address_does_not_know(ground: Ground, findings: Findings) -> None:
    known = {(operation.method, operation.path) for operation in ground.operations}
    for operation in ground.operations:
        for method in (
            "GET",
            "POST",
            "PUT",
            "PATCH",
            "DELETE",
            "TRACE",
            "CONNECT",
            "PROPFIND",
            "get",
            "\u00e9",
            "",
        ):
            if (method, operation.path) in known:
                continue
            answer = await send(
                ground.app, method, operation.fill(ground.known), headers=JSON, chunks=(b"{}",)
            )
            findings.note(operation, f"as {method}", answer, "405", "401")
    for path in (
        "/api/v1/nope",
        "/api/v1",
        "/api/v1/",
        "/api",
        "/api/v1/ideas/",
        "//api/v1/ideas",
        "/api/v1/Ideas",
        "*",
        "",
    ):
        answer = await send(ground.app, "GET", path)
        findings.note(ground.operations[0], f"GET {path}", answer, "404")
    findings.check(300)


async def test_what_fits_is_not_refused_for_its_form(ground: Ground) -> None:
    """The other tests change one thing of requests that this one proves sound."""
    found = []
    in_form = {"requests.invalid", "requests.malformed", "requests.not-json"}
    for operation in ground.operations:
        headers, body = ground.fit(operation)
        given = (*headers, (b"if-match", b"*"))
        answer = await ground.send(operation, query=operation.needed, headers=given, chunks=(body,))
        if answer.status >= 500 or (answer.status == 401 and operation.signed_in) or answer.code in in_form:
            found.append(f"{operation}: {answer.status} {answer.body[:300]!r}")
    assert not found, "\n".join(found)
