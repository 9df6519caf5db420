"""The accounts that people try the demonstration with: one of every role, one password."""

from pathlib import Path

from app.demo.staffing import CAST

PASSWORD = "une bonne idee par semaine"  # noqa: S105  printed for everybody who tries the demonstration
_FILE = "demo-accounts.txt"
_EMPLOYEE = "employee"


def write_down(data_dir: Path, emails: dict[str, str]) -> None:
    """Keep the accounts (name to e-mail) beside the data, for `ideabox serve` to print."""
    data_dir.mkdir(parents=True, exist_ok=True)
    lines = [f"Demo accounts, all with the password: {PASSWORD}"]
    for member in CAST:
        role = f"{member.role or _EMPLOYEE}" + (f" ({member.function})" if member.function else "")
        lines.append(f"  {emails[member.name]:<38} {role}")
    (data_dir / _FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def describe(data_dir: Path) -> str:
    """Return the accounts of the demonstration, or how to build one."""
    path = data_dir / _FILE
    return path.read_text(encoding="utf-8") if path.exists() else "`ideabox demo` fills an empty database."
