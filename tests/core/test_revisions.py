"""The head of the migration chain, found without the library that runs it."""

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from app.core import migrations, revisions


def write(directory: Path, *pairs: tuple[str, str | None]) -> Path:
    (directory / "versions").mkdir()
    for revision, down in pairs:
        follows = f'"{down}"' if down else "None"
        text = f'"""A step."""\n\nrevision = "{revision}"\ndown_revision = {follows}\nbranch_labels = None\n'
        (directory / "versions" / f"{revision}_x.py").write_text(text)
    return directory


def test_it_is_the_head_that_the_library_finds() -> None:
    assert revisions.find_head() == ScriptDirectory.from_config(migrations.configuration()).get_current_head()


def test_the_head_is_what_nothing_follows(tmp_path: Path) -> None:
    assert revisions.find_head(write(tmp_path, ("0002", "0001"), ("0001", None), ("0003", "0002"))) == "0003"


@pytest.mark.parametrize("pairs", [(), (("0001", None), ("0002", "0001"), ("0003", "0001"))])
def test_no_head_or_two_are_refused(tmp_path: Path, pairs: tuple[tuple[str, str | None], ...]) -> None:
    with pytest.raises(RuntimeError):
        revisions.find_head(write(tmp_path, *pairs))
