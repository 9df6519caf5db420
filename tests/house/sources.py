"""The modules of the house, as the house rules read them."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """A module: its path from the root of the repository, and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The module, parsed."""
        return ast.parse(self.text)

    @property
    def lines(self) -> list[str]:
        """The lines of the module."""
        return self.text.splitlines()

    @property
    def code(self) -> int:
        """The number of lines that do something: without blank ones, comments and docstrings."""
        told = set()
        for node in ast.walk(self.tree):
            said = node.value if isinstance(node, ast.Expr) else None
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                told |= set(range(said.lineno, (said.end_lineno or said.lineno) + 1))
        return sum(
            1
            for number, line in enumerate(self.lines, 1)
            if number not in told and line.strip() and not line.lstrip().startswith("#")
        )

    @property
    def layer(self) -> str:
        """The folder below `app` (or `tests`) that the module is in, "" for those at its top."""
        parts = Path(self.path).parts
        return parts[1] if len(parts) > 2 else ""

    @property
    def noun(self) -> str:
        """The name of the file, which is the same in each layer."""
        return Path(self.path).stem.removeprefix("test_")

    @property
    def classes(self) -> list[ast.ClassDef]:
        """Every class of the module."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)]


@cache
def list_files() -> tuple[str, ...]:
    """Return the paths of all files that are in the repository, or would be with the next commit."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(sorted(path for path in listed.stdout.splitlines() if (ROOT / path).is_file()))


@cache
def list_sources(folder: str = "app") -> tuple[Source, ...]:
    """Return the modules of a folder, those of packages (`__init__`) left out."""
    return tuple(
        Source(path, (ROOT / path).read_text(encoding="utf-8"))
        for path in list_files()
        if path.startswith(f"{folder}/") and path.endswith(".py") and not path.endswith("__init__.py")
    )
