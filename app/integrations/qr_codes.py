"""QR codes (ISO/IEC 18004): a link as an image that telephones read from a screen."""

import io
from dataclasses import dataclass

import segno

_SCALE = 8
_BORDER = 4
"""Modules around the code, the least that the standard asks for."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A QR code as an SVG document, and as a PNG in a data URI."""

    svg: str
    png: str


def draw(link: str) -> Drawing:
    """Draw a link; a quarter of the image may be covered (level Q) and it is read all the same."""
    code = segno.make_qr(link, error="q")
    drawn = io.BytesIO()
    code.save(
        drawn, kind="svg", scale=_SCALE, border=_BORDER, light="#fff", xmldecl=False, nl=False, omitsize=True
    )
    return Drawing(drawn.getvalue().decode(), code.png_data_uri(scale=_SCALE, border=_BORDER))
