"""QR codes: what is drawn is the code of the link."""

import base64
import re
import zlib

import segno

from app.integrations import qr_codes

LINK = "https://ideas.example/gatherings/k3v7q2m5x4z6b7n2c5w3r4t6#attend=ABCDEFGH"


def read_svg(svg: str, width: int) -> list[list[bool]]:
    """Return the modules of a drawing: its dark path is a list of horizontal strokes."""
    (path,) = re.findall(r'class="qrline"[^>]* d="([^"]+)"', svg)
    dark = [[False] * width for _ in range(width)]
    x, y = 0.0, 0.0
    for move, first, second, stroke in re.findall(r"([Mm])(-?[\d.]+) (-?[\d.]+)h(\d+)", path):
        if move == "M":
            x, y = float(first), float(second)
        else:
            x, y = x + float(first), y + float(second)
        for place in range(int(stroke)):
            dark[int(y)][int(x) + place] = True
        x += int(stroke)
    return dark


def test_the_drawing_has_the_modules_of_the_link() -> None:
    drawing = qr_codes.draw(LINK)
    assert drawing.svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    code = segno.make_qr(LINK, error="q")
    width = len(code.matrix) + 8
    assert f'viewBox="0 0 {width * 8} {width * 8}"' in drawing.svg
    expected = [[False] * width for _ in range(width)]
    for y, row in enumerate(code.matrix):
        for x, module in enumerate(row):
            expected[y + 4][x + 4] = bool(module)
    assert read_svg(drawing.svg, width) == expected


def test_the_image_is_a_png_of_the_same_size() -> None:
    drawing = qr_codes.draw(LINK)
    kind, _, data = drawing.png.partition(",")
    assert kind == "data:image/png;base64"
    image = base64.b64decode(data)
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    width = int.from_bytes(image[16:20], "big")
    assert width == (len(segno.make_qr(LINK, error="q").matrix) + 8) * 8
    body = image[image.index(b"IDAT") + 4 :]
    assert zlib.decompressobj().decompress(body)
