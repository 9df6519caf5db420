"""The columns of files from elsewhere, under all the names they may have; `docs/import.md` lists them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.import_records import BadRow, File, Note

IDEA_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "source_id", "identifiant"),
    "author": ("author", "auteur"),
    "author_email": ("author_email", "email", "e-mail", "courriel"),
    "title": ("title", "titre"),
    "problem": ("problem", "problème", "probleme", "body", "text", "texte", "description"),
    "solution": ("solution",),
    "benefit": ("benefit", "bénéfice", "benefice"),
    "section": ("section", "category", "catégorie", "categorie", "rubrique"),
    "theme": ("theme", "thème"),
    "function": ("function", "fonction"),
    "tags": ("tags", "étiquettes", "etiquettes", "mots-clés", "mots-cles"),
    "created_at": ("created_at", "submitted_at", "date"),
    "votes_for": ("votes_for", "votes", "votes_pour"),
    "votes_against": ("votes_against", "votes_contre"),
    "votes_mixed": ("votes_mixed", "votes_mitigés", "votes_mitiges"),
    "withdrawn": ("withdrawn", "retirée", "retiree"),
    "stage": ("stage", "étape", "etape"),
}
COMMENT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "source_id", "identifiant"),
    "idea_id": ("idea_id", "idea", "idée", "idee"),
    "author": ("author", "auteur"),
    "author_email": ("author_email", "email", "e-mail", "courriel"),
    "body": ("body", "comment", "commentaire", "text", "texte"),
    "side": ("side", "position", "avis"),
    "reply_to": ("reply_to", "parent_id", "réponse_à", "reponse_a"),
    "created_at": ("created_at", "date"),
    "withdrawn": ("withdrawn", "retiré", "retire"),
}
COLUMNS = {File.IDEAS: IDEA_COLUMNS, File.COMMENTS: COMMENT_COLUMNS}
REQUIRED = {
    File.IDEAS: ("id", "author", "title", "problem"),
    File.COMMENTS: ("id", "idea_id", "author", "body"),
}
_TEXTS = {File.IDEAS: ("title", "problem", "solution", "benefit"), File.COMMENTS: ("body",)}


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a file: what each understood column is called there, and what is wrong with it."""

    file: File
    names: Mapping[str, str]
    bad: tuple[BadRow, ...] = ()
    notes: tuple[Note, ...] = ()


def list_names(file: File) -> list[str]:
    """Return every name under which a column of a file is understood, in lower case."""
    return [alias for aliases in COLUMNS[file].values() for alias in aliases]


def list_verbatim(file: File) -> set[str]:
    """Return the names of the columns whose texts are kept with every character, blanks included."""
    return {alias for column in _TEXTS[file] for alias in COLUMNS[file][column]}


def read_header(file: File, found: Iterable[str]) -> Header:
    """Find out which columns a file has; others are ignored, and noted."""
    meanings = {alias: column for column, aliases in COLUMNS[file].items() for alias in aliases}
    names: dict[str, str] = {}
    bad: list[BadRow] = []
    notes: list[Note] = []
    for name in found:
        column = meanings.get(name)
        if column is None:
            detail = f"The column {name} is not kept."
            notes.append(Note(file, 1, name, "imports.column-ignored", detail))
        elif column in names:
            detail = f"The columns {names[column]} and {name} mean the same: leave one out."
            bad.append(BadRow(file, 1, name, "imports.column-twice", detail))
        else:
            names[column] = name
    for column in REQUIRED[file]:
        if column not in names:
            detail = f"A column is missing: {' or '.join(COLUMNS[file][column])}."
            bad.append(BadRow(file, 1, column, "imports.column-missing", detail))
    return Header(file, names, tuple(bad), tuple(notes))
