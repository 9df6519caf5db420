"""Runs a command of `ideabox` that trusts one more certificate, that of a sink; the file comes first."""

import sys
from functools import partial
from ssl import SSLContext
from typing import Any

import httpx2

from app.cli import main

_trust_public = httpx2.create_ssl_context


def trust(certificate: str, **options: Any) -> SSLContext:
    """Return what is trusted otherwise, and a certificate besides."""
    context = _trust_public(**options)
    context.load_verify_locations(certificate)
    return context


if __name__ == "__main__":
    _, file, _python, _flag, _code, *arguments = sys.argv
    httpx2.create_ssl_context = partial(trust, file)
    sys.argv = ["ideabox", *arguments]
    main()
