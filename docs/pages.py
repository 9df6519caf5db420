"""Writing the pages that the code knows best: `python -m docs.pages`; a test tells when one is stale."""

from collections.abc import Callable
from pathlib import Path

from docs.made import (
    badges,
    commands,
    errors,
    events,
    mails,
    measures,
    messages,
    permissions,
    pipeline,
    retention,
    settings,
    webhooks,
)

FOLDER = Path(__file__).parent

PAGES: dict[str, Callable[[], str]] = {
    "badges.md": badges.write,
    "badges.svg": badges.draw,
    "commands.md": commands.write,
    "errors.md": errors.write,
    "events.md": events.write,
    "mails.md": mails.write,
    "measures.md": measures.write,
    "messages.md": messages.write,
    "permissions.md": permissions.write,
    "pipeline.md": pipeline.write,
    "retention.md": retention.write,
    "settings.md": settings.write,
    "webhooks.md": webhooks.write,
}
"""Each page that is made, by its name in this folder."""


def write_all() -> None:
    """Write every page anew."""
    for name, write in PAGES.items():
        (FOLDER / name).write_text(write(), encoding="utf-8")


def is_true(name: str) -> bool:
    """Tell whether a page still says what the code does."""
    page = FOLDER / name
    return page.is_file() and page.read_text(encoding="utf-8") == PAGES[name]()


if __name__ == "__main__":
    write_all()
