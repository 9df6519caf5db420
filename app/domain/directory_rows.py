"""Rows of a directory file: each cell read by itself, before rows are compared with each other."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.domain import names
from app.domain.directory_records import TOP, BadRow, DirectorySnapshot, Wish
from app.domain.names import FLAWS, MAX_NAME, Flaw
from app.domain.roles import EMPLOYEE, Role

REQUIRED = ("external_id", "email", "name", "entity", "manager_external_id")
OPTIONAL = ("functions", "roles", "locale", "active")

MAX_EMAIL = 254
"""Characters, as RFC 5321 (4.5.3.1.3) leaves them."""

MAX_DEPTH = 12
"""Levels of entities."""

MAX_PATH = 2000
"""Characters of an entity's path."""

YES = frozenset({"", "true", "1", "yes", "oui", "vrai"})
NO = frozenset({"false", "0", "no", "non", "faux"})

RESERVED = "import:"
"""How the external ids of placeholders begin, the authors of imported ideas: nobody in a file has one."""

ROLES = {role.value: role for role in Role}
"""Roles by the name that files give them."""

_EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[^\W_]+(?:-+[^\W_]+)*\.)+(?=[^\W_]*[^\W\d_])[^\W_]+(?:-+[^\W_]+)*"
)
_LOCALE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{2}))?", re.IGNORECASE)
_LIST = re.compile(r"[;|]")


@dataclass(slots=True)
class _Reader:
    """Reads cells, and keeps what is wrong with them and which functions they name beyond doubt."""

    snapshot: DirectorySnapshot
    bad: list[BadRow] = field(default_factory=list)
    functions: dict[str, str] = field(default_factory=dict)

    def refuse(self, line: int, column: str, code: str, detail: str) -> None:
        self.bad.append(BadRow(line, column, f"directory.{code}", detail))

    def read_name(self, line: int, column: str, text: str, *, what: str = "", longest: int = MAX_NAME) -> str:
        flaw = names.find_flaw(text, longest=longest)
        if flaw is None:
            return names.tidy(text)
        limit = f" (at most {longest} characters)" if flaw is Flaw.TOO_LONG else ""
        self.refuse(line, column, flaw, f"{what or f'The {column}'} {FLAWS[flaw]}{limit}.")
        return ""

    def read_external_id(self, line: int, text: str) -> str:
        external_id = self.read_name(line, "external_id", text)
        if not external_id.startswith(RESERVED):
            return external_id
        detail = f"The external_id begins with {RESERVED!r}, as those of the authors of imported ideas do."
        self.refuse(line, "external_id", "reserved-external-id", detail)
        return ""

    def read_email(self, line: int, text: str) -> str:
        email = names.fold_email(text)
        if is_email(email):
            return email
        code = "too-long" if len(email) > MAX_EMAIL else "bad-email"
        self.refuse(line, "email", code, "The email is not an address like `name@company.com`.")
        return ""

    def read_entity(self, line: int, text: str) -> str:
        parts = text.split("/")
        if len(parts) > MAX_DEPTH:
            self.refuse(line, "entity", "too-deep", f"The entity has more than {MAX_DEPTH} levels.")
            return ""
        tidied = [self.read_name(line, "entity", part, what="A part of the entity") for part in parts]
        path = "/".join(tidied)
        if len(path) > MAX_PATH:
            self.refuse(line, "entity", "too-long", f"The entity has more than {MAX_PATH} characters.")
        return path

    def read_roles(self, line: int, text: str) -> frozenset[Role]:
        roles = set()
        for part in filter(str.strip, re.split(r"[;|,]", text)):
            word = re.sub(r"[ -]", "_", names.fold(part))
            if word in ROLES:
                roles.add(ROLES[word])
            elif word != EMPLOYEE:
                self.refuse(line, "roles", "unknown-role", f"There is no role {part.strip()[:MAX_NAME]!r}.")
        return frozenset(roles)

    def read_functions(self, line: int, text: str) -> tuple[str, ...]:
        """Read the functions of a cell; one whose commas leave a doubt is returned whole, for `_split`."""
        certain = "," not in text or _LIST.search(text) is not None
        parts = [part for part in _LIST.split(text) if part.strip()]
        longest = MAX_NAME if certain else MAX_PATH
        found = tuple(self.read_name(line, "functions", part, longest=longest) for part in parts)
        if certain:
            self.functions.update((names.fold(name), name) for name in found if name)
        return found

    def read_locale(self, line: int, text: str) -> str | None:
        if not text:
            return None
        match = _LOCALE.fullmatch(text)
        if match is None or not self._speaks(match[1].lower()):
            self.refuse(
                line,
                "locale",
                "bad-locale",
                "The locale is not one that is spoken here, like `fr` or `en-GB`.",
            )
            return None
        return match[1].lower() + (f"-{match[2].upper()}" if match[2] else "")

    def read_active(self, line: int, text: str) -> bool:
        word = names.fold(text)
        if word not in YES | NO:
            self.refuse(line, "active", "bad-active", "The column active says neither true nor false.")
        return word in YES

    def _speaks(self, language: str) -> bool:
        return self.snapshot.locales is None or language in self.snapshot.locales


def is_email(email: str) -> bool:
    """Tell whether a folded text is an e-mail address that the directory takes."""
    return len(email) <= MAX_EMAIL and _EMAIL.fullmatch(email) is not None


def read_rows(
    rows: Iterable[tuple[int, Mapping[str, str]]], snapshot: DirectorySnapshot
) -> tuple[list[Wish], list[BadRow]]:
    """Return what each row asks for, in the order of the file, and what is wrong with single cells.

    A wish is returned for a bad row too, with what could be read of it. A comma separates functions only
    where all the parts are functions that exist or that the file names beyond doubt, and the whole is not
    one; where only some are, or none, the cell is a doubt unless it has a `;` or `|` as well.
    """
    reader = _Reader(snapshot)
    reader.functions.update((names.fold(name), name) for name in snapshot.functions)
    wishes = [_read_row(reader, line, cells) for line, cells in rows]
    for wish in wishes:
        if wish.functions is not None:
            wish.functions = _split(reader, wish.line, wish.functions)
    return wishes, reader.bad


def _read_row(reader: _Reader, line: int, cells: Mapping[str, str]) -> Wish:
    for column in sorted(cells.keys() - {*REQUIRED, *OPTIONAL}):
        reader.refuse(line, column, "unknown-column", "The row has more cells than the header has columns.")
    manager = cells.get("manager_external_id")
    return Wish(
        line,
        external_id=reader.read_external_id(line, cells.get("external_id", "")),
        email=reader.read_email(line, cells.get("email", "")),
        name=reader.read_name(line, "name", cells.get("name", "")),
        entity=reader.read_entity(line, cells.get("entity", "")),
        manager=None if manager is None else names.tidy(manager) or TOP,
        roles=reader.read_roles(line, cells["roles"]) if "roles" in cells else None,
        functions=reader.read_functions(line, cells["functions"]) if "functions" in cells else None,
        locale=reader.read_locale(line, cells.get("locale", "").strip()),
        active=reader.read_active(line, cells.get("active", "")),
    )


def _split(reader: _Reader, line: int, found: tuple[str, ...]) -> tuple[str, ...]:
    """Split the one name with commas of a cell, if it is several functions."""
    if len(found) != 1 or "," not in found[0] or names.fold(found[0]) in reader.functions:
        return tuple({names.fold(name): name for name in found}.values())
    parts = tuple(names.tidy(part) for part in found[0].split(",") if part.strip())
    if all(names.fold(part) in reader.functions for part in parts):
        return tuple({names.fold(part): part for part in parts}.values())
    detail = f"It is not clear how many functions {found[0]!r} names: write `;` between two, or after one."
    reader.refuse(line, "functions", "ambiguous-functions", detail)
    return ()
