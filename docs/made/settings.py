"""The page of the settings."""

from typing import Any

from app.core.config import Settings
from docs.made.markdown import write_page, write_table

_TEXT = """
Read from the environment once, at start. A wrong value ends the start with a line that names it;
`ideabox doctor` warns of settings that are for development only.
"""
_SHORT = {"string": "text", "array": "JSON list", "object": "JSON object"}


def write() -> str:
    """Return each setting with its type, its limits, its default and its meaning."""
    fields = Settings.model_json_schema()["properties"]
    rows = [
        (f"`IDEABOX_{name.upper()}`", _write_type(field), _write_default(field), field.get("description", ""))
        for name, field in fields.items()
    ]
    return write_page("Settings", _TEXT, write_table(("variable", "type", "default", "meaning"), rows))


def _write_type(field: dict[str, Any]) -> str:
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in field["enum"])
    kind = field.get("format") or field.get("type", "text")
    limits = {
        "minimum": "{} or more",
        "exclusiveMinimum": "over {}",
        "maximum": "{} at most",
    }
    said = [text.format(field[limit]) for limit, text in limits.items() if limit in field]
    return ", ".join([_SHORT.get(kind, kind), *said])


def _write_default(field: dict[str, Any]) -> str:
    if field.get("writeOnly"):
        return "for development only"
    return "none" if field.get("default") in (None, [], {}) else f"`{field['default']}`"
