"""Drawing badges: a medal whose shape, colour and dots tell the tier, with the badge's own drawing on it.

A picture stands for itself: no font, no style sheet, no script, nothing fetched. Its colours are as far from white as
from black, so that it is seen on either.
"""

import math
from dataclasses import dataclass
from functools import cache

from app.domain.badges import Tier
from app.integrations.badge_glyphs import GLYPHS

MEDIA_TYPE = "image/svg+xml"
LINES = "#ffffff"

_SIDE = 64
_MIDDLE = _SIDE / 2
_SCALE = 1.3
"""How much a drawing of 24 grows."""


@dataclass(frozen=True, slots=True)
class Metal:
    """What a tier is drawn with: the colour of the medal and of its rim, how many points its edge has, its dots."""

    colour: str
    rim: str
    points: int
    dots: int


METALS: dict[Tier | None, Metal] = {
    None: Metal("#2b6cb0", "#90c2f0", 0, 0),
    Tier.BRONZE: Metal("#a2562a", "#e7b08c", 0, 1),
    Tier.SILVER: Metal("#5d6b7c", "#c3cdd8", 8, 2),
    Tier.GOLD: Metal("#987000", "#f2cf63", 16, 3),
}


@cache
def draw(key: str, tier: Tier | None) -> str:
    """Return the icon of a badge as an SVG document.

    Raises: KeyError for a badge that has no drawing.
    """
    metal, paths = METALS[tier], "".join(f'<path d="{path}"/>' for path in GLYPHS[key])
    # The drawing leaves room for the dots below it.
    top = _MIDDLE - 12 * _SCALE - (3 if metal.dots else 0)
    left = _MIDDLE - 12 * _SCALE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}" width="{_SIDE}" height="{_SIDE}">'
        f'<path d="{_draw_edge(metal.points)}" fill="{metal.colour}"/>'
        f'<circle cx="{_MIDDLE:g}" cy="{_MIDDLE:g}" r="26" fill="none" stroke="{metal.rim}" stroke-width="1.5"/>'
        f'<g transform="translate({left:g} {top:g}) scale({_SCALE:g})" fill="none" stroke="{LINES}" '
        f'stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round">{paths}</g>'
        f"{_draw_dots(metal)}</svg>\n"
    )


def _draw_edge(points: int) -> str:
    """Return a circle, or a rosette with so many points."""
    if not points:
        return f"M2 {_MIDDLE:g}a30 30 0 1 0 60 0a30 30 0 1 0 -60 0z"
    corners = []
    for place in range(2 * points):
        angle = math.pi * place / points
        radius = 31 if place % 2 else 28.5
        corners.append(f"{_MIDDLE + radius * math.sin(angle):.1f} {_MIDDLE - radius * math.cos(angle):.1f}")
    return f"M{'L'.join(corners)}z"


def _draw_dots(metal: Metal) -> str:
    middle = (metal.dots - 1) / 2
    return "".join(
        f'<circle cx="{_MIDDLE + 6 * (place - middle):g}" cy="51" r="2" fill="{metal.rim}"/>'
        for place in range(metal.dots)
    )
