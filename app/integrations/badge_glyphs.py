"""The drawings on the badges: lines on a square of 24 by 24, as paths of SVG."""


def _ring(x: float, y: float, radius: float) -> str:
    there, back = (f"a{radius:g} {radius:g} 0 1 0 {way:g} 0" for way in (2 * radius, -2 * radius))
    return f"M{x - radius:g} {y:g}{there}{back}"


_BUBBLE = "M3.5 4h17v12.5H11L6 20.5v-4H3.5z"

GLYPHS: dict[str, tuple[str, ...]] = {
    # A light bulb.
    "first_idea": ("M9 15.5a6.5 6.5 0 1 1 6 0V18H9z", "M10 21.5h4"),
    # Two rings, one through the other.
    "many_hands": (_ring(8.7, 12, 6), _ring(15.3, 12, 6)),
    # A sun on the horizon.
    "wide_horizon": (
        "M2 18.5h20",
        "M6 18.5a6 6 0 0 1 12 0",
        "M12 5v3",
        "M4.6 8.6l2.1 2.1",
        "M19.4 8.6l-2.1 2.1",
    ),
    # A target.
    "challenger": (_ring(12, 12, 9.5), _ring(12, 12, 5), "M12 12h0"),
    # A flag.
    "scout": ("M6 22V3.5", "M6 4.5h13l-3.2 4.2 3.2 4.3H6"),
    # A speech bubble with a tick.
    "clear_words": (_BUBBLE, "M8.3 10.2l2.7 2.7 5-5.4"),
    # A thumb up.
    "convincing": (
        "M3 11h4v10H3z",
        "M7 12l4-9.2c2 0 3.2 1.2 3.2 3.2v4h5a2 2 0 0 1 2 2.3l-1.2 7a2 2 0 0 1-2 1.7H7",
    ),
    # A star.
    "chosen": ("M12 2.6l2.9 6 6.6.9-4.8 4.6 1.2 6.6-5.9-3.2-5.9 3.2 1.2-6.6-4.8-4.6 6.6-.9z",),
    # A paper plane.
    "take_off": ("M2.5 11.5L21.5 3l-5.2 18.2-5-7.4z", "M21.5 3L11.3 13.8"),
    # A box that stands in space.
    "made_real": ("M12 2.2l8.6 4.9v9.8L12 21.8l-8.6-4.9V7.1z", "M3.4 7.1L12 12l8.6-4.9", "M12 12v9.8"),
    # A speech bubble with three dots.
    "first_word": (_BUBBLE, "M8 10.2h0", "M12 10.2h0", "M16 10.2h0"),
    # Two speech bubbles.
    "good_company": ("M2.5 3.5h12.5v8.5H8.3L5 15v-3H2.5z", "M18.5 9h3v8.5h-2v3l-3.4-3H10.5v-2"),
    # A crystal of ice.
    "ice_breaker": (
        "M12 2.2v19.6",
        "M3.5 7.1l17 9.8",
        "M20.5 7.1l-17 9.8",
        "M9.4 3.8L12 6.4l2.6-2.6",
        "M9.4 20.2l2.6-2.6 2.6 2.6",
    ),
    # A hanging bridge.
    "bridge": (
        "M2 17h20",
        "M7 4v16.5",
        "M17 4v16.5",
        "M2 12.5c3-.6 5-3.5 5-7.5c.6 5 3 7.2 5 7.2s4.4-2.2 5-7.2c0 4 2 6.9 5 7.5",
    ),
    # An open book.
    "open_mind": (
        "M12 6.3C9.8 4.6 6.5 4 2.5 4.3v14.2c4-.3 7.3.3 9.5 2c2.2-1.7 5.5-2.3 9.5-2V4.3c-4-.3-7.3.3-9.5 2z",
        "M12 6.3v14.2",
    ),
    # An arrow that turns.
    "turning_point": ("M4 21v-9.5a6.2 6.2 0 0 1 12.4 0V20", "M12 15.8l4.4 4.4 4.4-4.4"),
    # A lifebuoy.
    "helping_hand": (
        _ring(12, 12, 9.5),
        _ring(12, 12, 4),
        "M5.3 5.3l3.9 3.9",
        "M18.7 5.3l-3.9 3.9",
        "M5.3 18.7l3.9-3.9",
        "M18.7 18.7l-3.9-3.9",
    ),
    # A clock.
    "promise_kept": (_ring(12, 12, 9.5), "M12 6.5V12l4 2.3"),
    # An hourglass.
    "on_time": (
        "M5.5 2.8h13",
        "M5.5 21.2h13",
        "M7.3 2.8v3.4c0 3 4.7 3.7 4.7 5.8s-4.7 2.8-4.7 5.8v3.4",
        "M16.7 2.8v3.4c0 3-4.7 3.7-4.7 5.8s4.7 2.8 4.7 5.8v3.4",
    ),
    # A calendar with a tick.
    "steady": (
        "M3.5 5h17v16h-17z",
        "M3.5 9.8h17",
        "M8.3 2.8V6.5",
        "M15.7 2.8V6.5",
        "M8.3 15.2l2.7 2.7 4.8-4.7",
    ),
    # A ballot on its way into the box.
    "voice": ("M2.8 12.5h18.4v8.7H2.8z", "M7.5 12.5V2.8h9v9.7", "M9.8 7.3l1.8 1.8 3-3.4", "M9 16.8h6"),
    # Four leaves.
    "all_round": (_ring(8, 8, 4), _ring(16, 8, 4), _ring(8, 16, 4), _ring(16, 16, 4)),
}
"""The drawing of each badge of the catalogue, by its key."""
