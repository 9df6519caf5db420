"""Icons of badges: one for each tier, plain lines that stand for themselves, seen on light and on dark."""

from xml.etree import ElementTree as ET

import pytest

from app.domain.badge_catalogue import CATALOGUE
from app.domain.badges import Tier
from app.integrations.badge_glyphs import GLYPHS
from app.integrations.badge_icons import LINES, METALS, draw

_SVG = "{http://www.w3.org/2000/svg}"
ALL = [(badge.key, tier) for badge in CATALOGUE for tier, _ in badge.tiers]


def measure_light(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def compare(first: str, second: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    lighter, darker = sorted((measure_light(first), measure_light(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_badge_has_a_drawing_and_every_drawing_a_badge() -> None:
    assert {badge.key for badge in CATALOGUE} == set(GLYPHS)
    assert len({draw(key, tier) for key, tier in ALL}) == len(ALL)


@pytest.mark.parametrize(("key", "tier"), ALL)
def test_an_icon_is_a_small_picture_and_nothing_else(key: str, tier: Tier | None) -> None:
    drawn = draw(key, tier)
    assert len(drawn) < 3_000
    root = ET.fromstring(drawn)  # noqa: S314  drawn by ourselves
    tags = {element.tag.removeprefix(_SVG) for element in root.iter()}
    assert tags <= {"svg", "g", "path", "circle"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or "href" in name or name == "style"}


@pytest.mark.parametrize("tier", METALS)
def test_colours_are_told_apart_on_light_and_on_dark(tier: Tier | None) -> None:
    """Graphics need a contrast of 3 (WCAG 2.2, 1.4.11)."""
    metal = METALS[tier]
    assert compare(metal.colour, LINES) >= 4.5
    assert compare(metal.colour, "#ffffff") >= 3
    assert compare(metal.colour, "#121212") >= 3
    assert compare(metal.colour, metal.rim) >= 2.5
