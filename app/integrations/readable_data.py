"""A person's own data as a page to read and to print: one file, no script, nothing loaded from anywhere."""

from html import escape
from typing import Any

_WORDS = {
    "en": {
        "title": "My data",
        "made": "Everything that is kept about you, as of",
        "none": "Nothing.",
        "account": "Account",
        "access": "Signing in",
        "ideas": "Ideas",
        "discussion": "Comments",
        "votes": "Votes (only you can see them)",
        "rewards": "Points and prizes",
        "help": "Help asked and given",
        "gatherings": "Gatherings",
        "work": "Work on the ideas of others",
        "messages": "Messages",
        "record": "Records of your activity",
    },
    "fr": {
        "title": "Mes données",
        "made": "Tout ce qui est conservé à votre sujet, au",
        "none": "Rien.",
        "account": "Compte",
        "access": "Connexions",
        "ideas": "Idées",
        "discussion": "Commentaires",
        "votes": "Votes (vous seul les voyez)",
        "rewards": "Points et prix",
        "help": "Aide demandée et donnée",
        "gatherings": "Rencontres",
        "work": "Travail sur les idées des autres",
        "messages": "Messages",
        "record": "Relevé de votre activité",
    },
}
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin-bottom:1rem}"
    "th,td{border:1px solid #999;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "h3{font-size:1rem}"
)


def write(data: dict[str, Any], *, locale: str) -> bytes:
    """Return the page, in the language of a locale or in English; `data` are the own data as JSON has them."""
    language = locale.partition("-")[0].lower()
    words = _WORDS.get(language, _WORDS["en"])
    parts = [
        f'<!doctype html><html lang="{language if language in _WORDS else "en"}"><head><meta charset="utf-8">',
        f'<meta name="viewport" content="width=device-width"><title>{escape(words["title"])}</title>',
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(words['title'])}</h1>",
        f"<p>{escape(words['made'])} {escape(str(data['made_at']))}.</p>",
        _write_table("", [data["account"]], words),
    ]
    for section in data["sections"]:
        parts.append(f"<section><h2>{escape(words[section['section']])}</h2>")
        parts += [
            _write_table(f"{table['table']} ({table['column']})", table["rows"], words)
            for table in section["tables"]
        ]
        parts.append("</section>")
    return "".join([*parts, "</main></body></html>"]).encode()


def _write_table(name: str, rows: list[dict[str, Any]], words: dict[str, str]) -> str:
    heading = f"<h3>{escape(name)}</h3>" if name else ""
    if not rows:
        return f"{heading}<p>{escape(words['none'])}</p>"
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in rows[0])
    lines = "".join(
        "<tr>" + "".join(f"<td>{_write(value)}</td>" for value in row.values()) + "</tr>" for row in rows
    )
    return f"{heading}<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"


def _write(value: Any) -> str:
    return "" if value is None else escape(str(value))
