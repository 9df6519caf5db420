"""The page of the badges: the catalogue in both languages, its pictures, the levels, and how badges are awarded."""

from html import escape

from app.domain.badge_catalogue import CATALOGUE
from app.domain.badge_rules import Each
from app.domain.badge_words import say_rule
from app.domain.badges import Badge
from app.domain.levels import LEVELS
from app.integrations import badge_icons
from docs.made.markdown import write_page, write_table

_TEXT = """
Badges say thank you for what counts: helping, answering, finishing, and going on, more than for posting. Each says
why and since when. `GET /badges` is the catalogue in one's own language, `GET /badges/{badge}/icon` a picture, `GET
/me/badges` what one has, when and why, and how far the next ones are.

![All badges](badges.svg)
"""
_HOW = """
## How they are awarded

A badge is a rule over what the record says: so many of something (`count`), in so many places (`breadth`), in so
many weeks in a row (`streak`), or several of these (`each`). It has the day on which its rule came true, in the
company's time zone, whenever it was looked at: somebody who was first to comment in March has the badge since
March, also when the badge is invented in June.

Every hour those are looked at who did something since, or whom somebody else's act concerns (`badges.award`);
looking in whatever portions, again, or at everybody gives the same. `ideabox jobs --badges` looks at everybody
anew. What one has earned follows the record as points do: what is taken back, a comment or an idea, takes its badge
with it, or leaves it with a later day. Stages that an idea reached stay. What was earned stays, too, when a number
in the catalogue rises: the award keeps the rule that it was earned by. When the catalogue changes, everybody is
looked at by the next run.

What counts is what can't be had by repeating it: an idea is commented on once, however often one says something;
only ideas of others count for comments; a first answer counts when it was not late; help counts when it was thanked
for, and the idea was submitted.

## What others see

Nothing, until one says so: `PUT /me/badges/display` with `{"badges": true, "level": true}`. From the next request
on `GET /employees/{id}/badges` shows them, and no more after they are withdrawn. Shown is what named contributions
alone give, with the day that they alone give: a badge for which an anonymous idea was needed is one's own business.
So is what somebody did for an idea that they left, and help with an anonymous idea. Votes are secret: the badge for
them is private, and the level that others see leaves them out. With another author of an anonymous idea nobody
would see a difference.
"""
_LEVELS = """
## Being told

Who earns a badge is told of it (`badges.awarded`), in their language, and nobody else is. One that was earned longer
than a week ago, which a new rule finds, is no news; one that lapsed and came again is told of once.

## Levels

A level follows from the points that one ever earned (`GET /me/points`): prizes lower none, what is taken back does.
It is one's own, unless one shows it; then it is the level of what everybody may know of.
"""
_COLUMNS, _WIDTH, _HEIGHT = 4, 210, 104


def write() -> str:
    """Return the catalogue, how badges are awarded, and the levels."""
    head = ("badge", "français", "", "English", "", "numbers")
    rows = [
        (
            f"`{badge.key}`",
            badge.name.fr,
            _describe(badge, "fr"),
            badge.name.en,
            _describe(badge, "en"),
            _list_numbers(badge),
        )
        for badge in CATALOGUE
    ]
    levels = [(level.number, level.name.fr, level.name.en, f"{level.points:,}") for level in LEVELS]
    return write_page(
        "Badges and levels",
        _TEXT,
        "## The catalogue\n\nThree numbers are those of bronze, silver and gold; the rule is that of the first.",
        write_table(head, rows),
        _HOW,
        _LEVELS,
        write_table(("level", "français", "English", "from"), levels),
    )


def draw() -> str:
    """Return a picture of all badges, as an SVG document."""
    lines = -(-len(CATALOGUE) // _COLUMNS)
    cells = []
    for place, badge in enumerate(CATALOGUE):
        left, top = 10 + place % _COLUMNS * _WIDTH, 10 + place // _COLUMNS * _HEIGHT
        icons = "\n".join(
            f'<g transform="translate({66 * number} 0)">{badge_icons.draw(badge.key, tier).strip()}</g>'
            for number, (tier, _) in enumerate(badge.tiers)
        )
        name = escape(f"{badge.name.fr} · {badge.name.en}")
        cells.append(
            f'<g transform="translate({left} {top})">\n{icons}\n<text x="2" y="80">{name}</text>\n</g>'
        )
    width, height = _COLUMNS * _WIDTH + 10, lines * _HEIGHT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="11">\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="#ffffff"/>\n' + "\n".join(cells) + "\n</svg>\n"
    )


def _describe(badge: Badge, locale: str) -> str:
    return f"{say_rule(badge.tiers[0][1], locale)}. *{badge.text.say(locale)}*"


def _list_numbers(badge: Badge) -> str:
    return ", ".join("all" if isinstance(rule, Each) else str(rule.at_least) for _, rule in badge.tiers)
