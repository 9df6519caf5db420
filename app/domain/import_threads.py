"""Where imported replies stand: there is one level, so a reply to a reply joins the thread it belongs to."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from app.domain.import_records import CommentRow, KnownComment


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment stands.

    A reply stands under a comment that is there (`parent_id`) or one of the file (`parent`, its id of
    elsewhere); with neither it begins a thread. `problem` says why there is no such place.
    """

    parent: str | None = None
    parent_id: str | None = None
    problem: str = ""


_TOP = Place()
_UNKNOWN = Place(problem="There is no such comment to reply to, neither in the file nor here.")
_ELSEWHERE = Place(problem="The comment replied to stands under another idea.")
_CIRCLE = Place(problem="These comments reply to each other in a circle.")


@dataclass(slots=True)
class Threads:
    """Finds places; takes time in proportion to the rows, however deep the replies are.

    `rows` and `known` are by the ids of elsewhere, `idea_ids` the ideas that are here by theirs.
    """

    rows: Mapping[str, CommentRow]
    known: Mapping[str, KnownComment]
    idea_ids: Mapping[str, str]
    _found: dict[str, Place] = field(default_factory=dict)

    def find_place(self, row: CommentRow) -> Place:
        """Return where a comment stands.

        1. Go up from reply to reply, until a comment whose place is known, or that is none, or was met.
        2. What ends the way is the place of all the comments on it.
        """
        way: dict[str, None] = {}
        here = row
        while (place := self._found.get(here.source_id) or self._find_end(here, way)) is None:
            way[here.source_id] = None
            here = self.rows[here.reply_to]
        self._found[here.source_id] = place
        if way and place == _TOP:
            place = Place(parent=here.source_id)
        self._found.update(dict.fromkeys(way, place))
        return place

    def _find_end(self, here: CommentRow, way: Container[str]) -> Place | None:
        if not here.reply_to:
            return _TOP
        known = self.known.get(here.reply_to)
        if known is not None:
            same = self.idea_ids.get(here.idea) == known.idea_id
            return Place(parent_id=known.parent_id or known.id) if same else _ELSEWHERE
        above = self.rows.get(here.reply_to)
        if above is None:
            return _UNKNOWN
        if above.idea != here.idea:
            return _ELSEWHERE
        return _CIRCLE if here.reply_to == here.source_id or here.reply_to in way else None
