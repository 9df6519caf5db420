"""The page of the error codes."""

import importlib
import pkgutil

import app
from app.domain.errors import Refusal
from app.routers.problems import STATUSES, get_status
from docs.made.markdown import write_page, write_table

PROTOCOL = (
    ("requests.malformed", 400, "The path, the query or a header is no text.", "core/edge.py"),
    ("requests.no-such-address", 404, "No call has this address.", "routers/problems.py"),
    (
        "requests.method-not-allowed",
        405,
        "The address knows other methods, see `Allow`.",
        "routers/problems.py",
    ),
    ("requests.too-slow", 408, "The request took too long to arrive.", "core/protocol.py"),
    ("requests.too-large", 413, "The body has more bytes than are taken.", "core/edge.py"),
    ("requests.invalid", 422, "The shape of the request is not right; see `errors`.", "routers/problems.py"),
    ("requests.head-too-large", 431, "The headers have more bytes than are taken.", "core/protocol.py"),
    ("requests.failed", 500, "Something broke on our side; the instance leads to it.", "core/edge.py"),
    ("database.away", 503, "The database is away for the moment: try again soon.", "routers/problems.py"),
)
"""Failures that no rule of the product gives: code, status, sentence, module."""

_TEXT = """
Every error is a problem document (RFC 9457) of the type `application/problem+json`: `type`
(`/problems/<code>`), `title`, `status`, `detail` (a sentence for the person, which may say more than the
one below), `code`, `instance` (it leads to the lines in the log), and `errors` with a `pointer` and a
`detail` for each bad field. Codes are stable: compare them, never the sentences. 429 and 503 carry
`Retry-After`.

The order of the looks: signed in (401); shape and unknown fields (422); may know of it (404); may do it
(403); fits the state (409); shows what a gate wants to see (422).
"""


def write() -> str:
    """Return each code with its status, its sentence and where its rule is."""
    rows = [
        (f"`{each.code}`", get_status(each), (each.__doc__ or "").strip(), _write_place(each))
        for each in list_refusals()
    ]
    rows += [
        (f"`{code}`", status, sentence, f"`app/{module}`") for code, status, sentence, module in PROTOCOL
    ]
    return write_page("Errors", _TEXT, write_table(("code", "status", "sentence", "rule in"), sorted(rows)))


def list_refusals() -> list[type[Refusal]]:
    """Return every refusal that one can meet: those of rules, and categories with a code of their own."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.startswith(("app.cli", "app.demo")):
            importlib.import_module(module.name)
    found = [each for each in _list_below(Refusal) if each.__module__.startswith("app.") and "." in each.code]
    taken = {each.code for each in found if each not in STATUSES}
    return [each for each in dict.fromkeys(found) if each not in STATUSES or each.code not in taken]


def _list_below(parent: type[Refusal]) -> list[type[Refusal]]:
    return [below for child in parent.__subclasses__() for below in (child, *_list_below(child))]


def _write_place(each: type[Refusal]) -> str:
    return f"`{each.__module__.replace('.', '/')}.py`"
