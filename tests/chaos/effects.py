"""What a journal promises: every acknowledged write is there exactly once, every unknown one wholly or not at all."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from tests.chaos.journal import Fate, Journal, Write
from tests.chaos.records import Records, Row, group

_IDEAS = ("ideas.submitted", "ideas.drafted")
_KNOWN, _OPEN = Fate.ACKNOWLEDGED, Fate.UNKNOWN


def check_votes(before: Records, now: Records, journal: Journal) -> list[str]:
    """Compare votes with what each person did in order: the state, and how many rows it took to get there."""
    faults = []
    found = group(now["votes"], _pair)
    possible: dict[tuple[str, str], set[tuple[bool, int]]] = {}
    for pair, rows in group(before["votes"], _pair).items():
        possible[pair] = {(any(row["withdrawn_at"] is None for row in rows), len(rows))}
    for write in journal.writes:
        if write.what in ("votes.cast", "votes.withdrawn") and write.fate is not Fate.REFUSED:
            pair = (write.subject, write.who)
            states = possible.get(pair, {(False, 0)})
            after = {_vote(state, casts=write.what == "votes.cast") for state in states}
            possible[pair] = after | states if write.fate is _OPEN else after
    for pair in possible.keys() | found.keys():
        rows = found[pair]
        standing = sum(row["withdrawn_at"] is None for row in rows)
        if standing > 1 or (standing == 1, len(rows)) not in possible.get(pair, {(False, 0)}):
            faults.append(
                f"{pair[1]} on {pair[0]}: {standing} of {len(rows)} votes stand, not {possible.get(pair)}"
            )
    return faults


def check_comments(before: Records, now: Records, journal: Journal) -> list[str]:
    """Find each comment once, with the last text that was acknowledged."""
    rows = {row["id"]: row for row in now["comments"]}
    faults = _count_marks(journal.list("comments.written"), Counter(row["body"] for row in rows.values()))
    faults += _count_new(
        "comments",
        journal.list("comments.written"),
        group(_list_new("comments", before, now), lambda row: row["author_id"]),
    )
    texts: dict[str, set[str | None]] = {}
    for write in journal.list("comments.written", _KNOWN):
        texts[write.answer["id"]] = {write.mark}
    for write in journal.writes:
        if write.what in ("comments.edited", "comments.deleted") and write.fate is not Fate.REFUSED:
            text = write.mark or None
            texts[write.subject] = (
                {text} if write.fate is _KNOWN else texts.get(write.subject, set()) | {text}
            )
    for comment_id, possible in texts.items():
        row = rows.get(comment_id)
        if row is None or (None if row["deleted_at"] else row["body"]) not in possible:
            faults.append(f"comment {comment_id} is {row} and says none of {possible}")
    return faults


def check_ideas(before: Records, now: Records, journal: Journal) -> list[str]:
    """Find each idea once, with the last title that was acknowledged, and submitted or withdrawn as it was."""
    rows = {row["id"]: row for row in now["ideas"]}
    titles = Counter(row["title"] for row in rows.values())
    created = [write for write in journal.writes if write.what in _IDEAS]
    faults = _count_marks((write for write in created), titles)
    new = {row["id"] for row in _list_new("ideas", before, now)}
    authors = group(
        (row for row in now["authorships"] if row["idea_id"] in new), lambda row: row["employee_id"]
    )
    faults += _count_new("ideas", created, authors)
    possible: dict[str, set[str]] = {
        write.answer["id"]: {write.mark} for write in created if write.fate is _KNOWN
    }
    for write in journal.list("ideas.edited"):
        if write.fate is not Fate.REFUSED:
            earlier = set() if write.fate is _KNOWN else possible.get(write.subject, set())
            possible[write.subject] = earlier | {write.mark}
    for idea_id, marks in possible.items():
        if idea_id not in rows or rows[idea_id]["title"] not in marks:
            faults.append(f"idea {idea_id} is titled {rows.get(idea_id)} and not one of {marks}")
    for what, right in (("drafts.submitted", "draft"), ("ideas.withdrawn", "withdrawn")):
        for write in journal.list(what, _KNOWN):
            stage = rows.get(write.subject, {}).get("stage")
            if stage is None or (stage == right) is (what == "drafts.submitted"):
                faults.append(f"idea {write.subject} stands at {stage} after {what} was acknowledged")
    return faults


def check_acts(_before: Records, now: Records, journal: Journal) -> list[str]:
    """Find the words of each decision once in the itinerary of its idea."""
    words = Counter(
        (row["idea_id"], row["text"].partition(":")[0]) for row in now["itinerary_entries"] if row["text"]
    )
    faults = []
    for write in journal.list("decisions.made"):
        found = words[write.subject, write.mark]
        if found > 1 or found != _certain(write, found):
            faults.append(
                f"a decision on {write.subject} that was {write.fate} stands {found} times: {write.body}"
            )
    return faults


def check_scorecards(before: Records, now: Records, journal: Journal) -> list[str]:
    """Find the last scorecard of each evaluator, and an event for each filling."""
    texts_before, texts = (
        {(row["idea_id"], row["evaluator_id"]): row["text"] for row in records["scorecards"]}
        for records in (before, now)
    )
    possible: dict[tuple[str, str], set[str | None]] = {}
    sums: defaultdict[str, list[Write]] = defaultdict(list)
    for write in journal.list("scorecards.filled"):
        pair = (write.subject, write.who)
        sums[write.subject].append(write)
        if write.fate is _KNOWN:
            possible[pair] = {write.mark}
        elif write.fate is _OPEN:
            possible[pair] = possible.get(pair, {texts_before.get(pair)}) | {write.mark}
    faults = [
        f"the scorecard of {pair} says {texts.get(pair)!r} and not one of {marks}"
        for pair, marks in possible.items()
        if texts.get(pair) not in marks
    ]
    filled, filled_before = (
        Counter(row["subject"] for row in records.list_events("scorecards.filled"))
        for records in (now, before)
    )
    for idea_id, writes in sums.items():
        if not _is_within(filled[idea_id] - filled_before[idea_id], writes):
            faults.append(f"{filled[idea_id]} events tell of the scorecards of {idea_id}")
    return faults


def check_sign_ins(before: Records, now: Records, journal: Journal) -> list[str]:
    """Find a session for each sign-in and a generation for each refresh."""
    opened = group(_list_new("sessions", before, now), lambda row: row["employee_id"])
    faults = _count_new("sessions", journal.list("sessions.signed-in"), opened)
    refreshed = group_writes(journal.list("sessions.refreshed"))
    for person in opened.keys() | refreshed.keys():
        generations = sum(row["generation"] for row in opened[person])
        known = sum(write.fate is _KNOWN for write in refreshed[person])
        # A refusal may follow a refresh whose answer was lost: the next attempt came too late for grace.
        if not known <= generations <= len(refreshed[person]):
            faults.append(f"{person}: {generations} generations after {known} acknowledged refreshes")
    entered = Counter(row["employee_id"] for row in now["sign_ins"])
    told = Counter(row["subject"] for row in now.list_events("sessions.signed-in"))
    if entered != told:
        faults.append(f"sign-ins and their events differ: {entered - told} {told - entered}")
    return faults


def check_keys(_before: Records, now: Records, journal: Journal) -> list[str]:
    """Find the answer of each acknowledged write with a key, byte for byte."""
    kept = {(row["employee_id"], row["digest"]): row for row in now["idempotency_keys"]}
    faults = []
    for write in journal.writes:
        row = kept.get((write.who, write.digest)) if write.key else None
        if write.key is None:
            continue
        if write.fate is _KNOWN and (
            row is None or (row["status"], bytes(row["body"])) != (write.status, write.raw)
        ):
            faults.append(
                f"the answer to {write.what} on {write.subject or write.mark} was not kept as given"
            )
        if write.fate is Fate.REFUSED and row is not None:
            faults.append(f"{write.what} on {write.subject} was refused with {write.status} and kept")
    return faults


def group_writes(writes: Iterable[Write]) -> defaultdict[str, list[Write]]:
    """Return writes by who made them."""
    groups: defaultdict[str, list[Write]] = defaultdict(list)
    for write in writes:
        groups[write.who].append(write)
    return groups


def _vote(state: tuple[bool, int], *, casts: bool) -> tuple[bool, int]:
    stands, rows = state
    return (casts, rows + 1 if casts and not stands else rows)


def _pair(row: Row) -> tuple[str, str]:
    return (row["idea_id"], row["voter_id"])


def _certain(write: Write, found: int) -> int:
    return {_KNOWN: 1, _OPEN: found, Fate.REFUSED: 0}[write.fate]


def _count_marks(writes: Iterable[Write], marks: Counter[str]) -> list[str]:
    """Say which writes stand there twice, or stand there though they were refused."""
    return [
        f"{write.what} {write.mark} was {write.fate} and stands {marks[write.mark]} times"
        for write in writes
        if marks[write.mark] > (0 if write.fate is Fate.REFUSED else 1)
    ]


def _count_new(what: str, writes: Iterable[Write], found: dict[str, list[Row]]) -> list[str]:
    """Say whose new rows are fewer than were acknowledged, or more than were sent."""
    sent = group_writes(writes)
    return [
        f"{who} has {len(found.get(who, []))} new {what} after {len(sent[who])} writes"
        for who in sent.keys() | found.keys()
        if not _is_within(len(found.get(who, [])), sent[who])
    ]


def _is_within(number: int, writes: Iterable[Write]) -> bool:
    fates = Counter(write.fate for write in writes)
    return fates[_KNOWN] <= number <= fates[_KNOWN] + fates[_OPEN]


def _list_new(table: str, before: Records, now: Records) -> list[Row]:
    known = {row["id"] for row in before[table]}
    return [row for row in now[table] if row["id"] not in known]
