"""Writing the register for people: as CSV with all that its hashes cover, and as a page without any script."""

import csv
import hashlib
import io
import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from app.integrations.spreadsheets import write_cell

COLUMNS = (
    "position",
    "at",
    "kind",
    "act",
    "actor",
    "about",
    "subject",
    "facts",
    "text",
    "actor_ref",
    "about_ref",
    "salt",
    "commitment",
    "previous",
    "hash",
)
"""Columns of the CSV; whoever has them can compute every hash again (docs/works-council.md)."""

STYLE = """body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1a1a2e}
h1{font-size:1.6rem;margin:0}p{margin:.3rem 0 1.2rem;color:#555}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.5rem .6rem;border-bottom:1px solid #ddd}th{color:#555;font-weight:600}
td.n,td.h{font-variant-numeric:tabular-nums;color:#555}td.h{font:.8rem ui-monospace,monospace}
blockquote{margin:.3rem 0 0;padding-left:.6rem;border-left:3px solid #ccc;color:#333}.bad{color:#a40000}"""

POLICY = (
    "default-src 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)
"""The content security policy of the page: its own style and nothing else."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is read; people by name, empty where nobody is meant or who it was is erased."""

    position: int
    at: datetime
    act: str
    actor: str
    about: str
    facts: Mapping[str, Any]
    text: str
    hash: str


@dataclass(frozen=True, slots=True)
class Words:
    """What the page says in one language."""

    title: str
    holds: str
    broken: str
    columns: tuple[str, ...]


WORDS: Mapping[str, Words] = {
    "en": Words(
        "Register for the works council",
        "The chain holds: {rows} entries, none changed, none missing. The latest first.",
        "The chain is broken at entry {broken}: something was changed past the application.",
        ("No.", "When", "What", "By", "About", "Details", "Hash"),
    ),
    "fr": Words(
        "Registre du comité d’entreprise",
        "La chaîne est intacte\u00a0: {rows} entrées, aucune modifiée, aucune manquante. Les dernières d’abord.",
        "La chaîne est rompue à l’entrée {broken}\u00a0: quelque chose a été modifié hors de l’application.",
        ("N°", "Quand", "Quoi", "Par", "Au sujet de", "Détails", "Empreinte"),
    ),
}

ACTS: Mapping[str, tuple[str, str]] = {
    "badges.rules-changed": ("The rules of the badges changed", "Les règles des badges ont changé"),
    "calendars.changed": ("A working calendar was changed", "Un calendrier a été modifié"),
    "campaigns.announced": ("A campaign was announced", "Une campagne a été annoncée"),
    "campaigns.changed": ("A campaign was changed", "Une campagne a été modifiée"),
    "campaigns.closed": ("A campaign was closed", "Une campagne a été close"),
    "capacities.set": ("A capacity was set", "Une capacité a été fixée"),
    "clock-policies.set": ("A deadline was set", "Un délai a été fixé"),
    "conflicts.refused": ("Somebody too close was refused", "Une personne trop proche a été refusée"),
    "directory.imported": ("A directory file was imported", "Un fichier d’annuaire a été importé"),
    "employees.deactivated": ("An account was closed", "Un compte a été fermé"),
    "employees.reactivated": ("An account was opened again", "Un compte a été rouvert"),
    "entities.calendar-set": ("A unit got another calendar", "Une entité a changé de calendrier"),
    "erasures.made": ("A person was erased", "Une personne a été effacée"),
    "exports.made": ("An export was made", "Un export a été fait"),
    "gatherings.host-ended": (
        "Somebody hosts a gathering no more",
        "Une personne n’anime plus une rencontre",
    ),
    "gatherings.host-named": ("Somebody hosts a gathering", "Une personne anime une rencontre"),
    "identity-openings.asked": ("An identity was asked for", "Une identité a été demandée"),
    "identity-openings.ended": ("A request for an identity ended", "Une demande d’identité a pris fin"),
    "identity-openings.opened": ("An identity was opened", "Une identité a été levée"),
    "imports.made": ("Ideas were imported", "Des idées ont été importées"),
    "links.issued": ("A link to set a password was made", "Un lien de mot de passe a été émis"),
    "moderation.appealed": ("A hiding was appealed", "Un masquage a été contesté"),
    "moderation.hide": ("Something reported was hidden", "Un contenu signalé a été masqué"),
    "moderation.keep": ("Something reported was kept", "Un contenu signalé a été maintenu"),
    "moderation.restore": ("Something hidden is shown again", "Un contenu masqué est de nouveau visible"),
    "moderation.words-changed": ("The watched words were changed", "Les mots surveillés ont été modifiés"),
    "point-rules.changed": ("A rule for points was changed", "Une règle de points a été modifiée"),
    "prizes.added": ("A prize was added", "Un prix a été ajouté"),
    "prizes.edited": ("A prize was changed", "Un prix a été modifié"),
    "prizes.juror-ended": ("Somebody left a jury", "Une personne a quitté un jury"),
    "prizes.juror-named": ("Somebody joined a jury", "Une personne a rejoint un jury"),
    "releases.made": ("Figures were released", "Des chiffres ont été publiés"),
    "restriction-lanes.escalation-ended": (
        "Somebody hears of a lane’s delays no more",
        "Une personne n’est plus alertée pour un circuit",
    ),
    "restriction-lanes.escalation-named": (
        "Somebody hears of a lane’s delays",
        "Une personne est alertée pour un circuit",
    ),
    "restriction-lanes.reader-ended": (
        "Somebody reads a restricted lane no more",
        "Une personne ne lit plus un circuit restreint",
    ),
    "restriction-lanes.reader-named": (
        "Somebody reads a restricted lane",
        "Une personne lit un circuit restreint",
    ),
    "restriction-lanes.set": ("A restricted lane was set", "Un circuit restreint a été réglé"),
    "restrictions.lifted": ("A restriction was lifted", "Une restriction a été levée"),
    "restrictions.put": ("An idea was restricted", "Une idée a été restreinte"),
    "retention.ran": ("What was kept long enough was deleted", "Ce qui était échu a été supprimé"),
    "roles.ended": ("A role ended", "Un rôle a pris fin"),
    "roles.granted": ("A role was granted", "Un rôle a été attribué"),
    "routing-rules.changed": ("A rule of the routing was changed", "Une règle d’acheminement a été modifiée"),
    "segments.threshold-set": ("A threshold of segments was set", "Un seuil de segment a été fixé"),
    "settings.changed": ("Settings were changed", "Des réglages ont été modifiés"),
    "vote-flags.reviewed": ("A flag on votes was looked into", "Un signalement de votes a été examiné"),
    "votings.set": ("A voting was set", "Un vote a été réglé"),
    "webhooks.changed": ("An outgoing webhook was changed", "Un webhook sortant a été modifié"),
}
"""What an act is called, in English and French; another one stands by its dotted name."""


def write_row(cells: Sequence[Any]) -> str:
    """Return a row of CSV, every cell quoted and none a formula; facts are JSON."""
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(
        write_cell(_write_cell(cell)) for cell in cells
    )
    return written.getvalue()


def write_page(lines: Iterable[Line], *, locale: str, zone: str, rows: int, broken_at: int | None) -> str:
    """Return the register as a page; times as the clocks of the company show them."""
    language = "fr" if locale.startswith("fr") else "en"
    words = WORDS[language]
    said = words.holds if broken_at is None else words.broken
    state = f"<p{'' if broken_at is None else ' class=bad'}>{said.format(rows=rows, broken=broken_at)}</p>"
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in words.columns)
    body = "\n".join(_write_line(line, language, zone) for line in lines)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(words.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(words.title)}</h1>\n{state}\n<table>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table>\n</body>\n</html>\n"
    )


def _write_line(line: Line, language: str, zone: str) -> str:
    at = f"{line.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
    called = ACTS.get(line.act)
    act = line.act if called is None else called[("en", "fr").index(language)]
    details = ", ".join(_list_details(line.facts))
    quote = f"<blockquote>{escape(line.text)}</blockquote>" if line.text else ""
    cells = (act, line.actor, line.about)
    return (
        f'<tr><td class="n">{line.position}</td><td class="n">{at}</td>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + f'<td>{escape(details)}{quote}</td><td class="h">{escape(line.hash[:12])}</td></tr>'
    )


def _list_details(facts: Mapping[str, Any]) -> Iterator[str]:
    """Give each fact as it is read, and each term of a change as what it was and what it is."""
    before, after = facts.get("before") or {}, facts.get("after") or {}
    for name, value in facts.items():
        if name not in ("before", "after") and value is not None:
            yield f"{name}: {_write_cell(value)}" if name else _write_cell(value)
    for name in {**before, **after}:
        was, is_now = (_write_cell(terms.get(name)) or "–" for terms in (before, after))
        yield f"{name}: {was} → {is_now}"


def _write_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
