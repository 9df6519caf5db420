"""The short form of the trials: two kills of the server under writers; and the auditors see planted losses."""

import random
from typing import Any

import pytest

from app.core.config import Settings
from app.domain.chains import GENESIS
from tests.chaos import contents, effects, kill, ledgers, nights
from tests.chaos.installation import Installation
from tests.chaos.journal import Journal, Write
from tests.chaos.proxy import Errand, lose_and_repeat
from tests.chaos.records import TABLES, Records, Row
from tests.chaos.syncs import is_synced

IDEA, PERSON, COMMENT = "the-idea", "the-person", "the-comment"


def make_records(**tables: list[Row]) -> Records:
    """A database with a few rows and no others."""
    return Records({name: [] for name in ("ideas", *TABLES)} | tables, [])


def make_journal(*writes: Write) -> Journal:
    return Journal(writes=list(writes))


def make_vote(what: str, status: int | None) -> Write:
    return Write(what, PERSON, "PUT", f"/ideas/{IDEA}/vote", IDEA, status=status)


def make_comment(status: int | None) -> Write:
    written = Write("comments.written", PERSON, "POST", "/", IDEA, "mark", headers={"Idempotency-Key": "k"})
    written.status, written.raw, written.answer = status, b"{}", {"id": COMMENT}
    return written


def row_of_vote(**values: Any) -> Row:
    return {"id": "v", "idea_id": IDEA, "voter_id": PERSON, "withdrawn_at": None, "cast_at": "now"} | values


def row_of_comment(**values: Any) -> Row:
    row = {"id": COMMENT, "idea_id": IDEA, "author_id": PERSON, "body": "mark", "version": 1}
    return row | {"deleted_at": None, "source": None} | values


def row_of_event(kind: str, subject: str, **values: Any) -> Row:
    row = {"sequence": 1, "kind": kind, "subject": subject, "actor_id": None, "payload": {}}
    return row | {"worked_off_at": "now", "failure": None} | values


@pytest.fixture
def installation(settings: Settings) -> Installation:
    """An installation on the database of the test."""
    engine = "sqlite" if settings.on_sqlite else "postgresql"
    return Installation(engine, settings.database_url, settings.data_dir)


async def test_what_was_acknowledged_survives_two_kills(installation: Installation) -> None:
    await installation.furnish(employees=40, ideas=12)
    outcome = await kill.kill_servers(installation, 1, kills=2, number=8)
    assert not outcome.faults
    assert int(outcome.counts["acknowledged writes"]) > 0


async def test_a_night_that_was_killed_gives_what_a_whole_one_gives(installation: Installation) -> None:
    await installation.furnish(employees=30, ideas=20)
    outcome = await nights.kill_nights(installation, 1, kills=2)
    assert outcome.faults == []


@pytest.mark.parametrize(
    ("writes", "rows", "wrong"),
    [
        ([("votes.cast", 200)], [row_of_vote()], 0),
        ([("votes.cast", 200)], [], 1),  # lost
        ([("votes.cast", None)], [], 0),  # nobody was told
        ([("votes.cast", None)], [row_of_vote()], 0),
        ([("votes.cast", 409)], [row_of_vote()], 1),  # kept though it was refused
        ([("votes.cast", 200), ("votes.withdrawn", 200)], [row_of_vote()], 1),  # its end is lost
        ([("votes.cast", 200)], [row_of_vote(), row_of_vote(id="w")], 1),  # counted twice
        ([("votes.cast", 200), ("votes.withdrawn", 200)], [row_of_vote(withdrawn_at="now")], 0),
    ],
)
def test_votes_are_where_their_voters_were_told(
    writes: list[tuple[str, int | None]], rows: list[Row], wrong: int
) -> None:
    journal = make_journal(*(make_vote(what, status) for what, status in writes))
    assert len(effects.check_votes(make_records(), make_records(votes=rows), journal)) == wrong


@pytest.mark.parametrize(
    ("status", "rows", "wrong"),
    [
        (201, [row_of_comment()], False),
        (201, [], True),
        (201, [row_of_comment(), row_of_comment(id="twin")], True),
        (201, [row_of_comment(body="something else")], True),
        (None, [], False),
        (None, [row_of_comment()], False),
        (None, [row_of_comment(), row_of_comment(id="twin")], True),
        (503, [row_of_comment()], False),
        (422, [row_of_comment()], True),
    ],
)
def test_comments_are_there_once(status: int | None, rows: list[Row], wrong: bool) -> None:
    journal = make_journal(make_comment(status))
    assert bool(effects.check_comments(make_records(), make_records(comments=rows), journal)) is wrong


def test_the_answer_of_a_key_is_kept_as_it_was_given() -> None:
    written = make_comment(201)
    row = {"employee_id": PERSON, "digest": written.digest, "status": 201, "body": b"{}"}

    def check(*rows: Row) -> list[str]:
        now = make_records(idempotency_keys=list(rows))
        journal = make_journal(written)
        return effects.check_keys(make_records(), now, journal) + contents.check_keys(now, now, journal)

    assert not check(row)
    assert check()
    assert check(row | {"body": b"{}\n"})
    assert len(check(row | {"status": 0})) == 2


def test_a_row_without_its_event_is_half() -> None:
    whole = make_records(votes=[row_of_vote()], events=[row_of_event("votes.cast", "v")])
    half = make_records(votes=[row_of_vote()])
    named = make_records(votes=[row_of_vote()], events=[row_of_event("votes.cast", "v", actor_id=PERSON)])
    assert [len(contents.check_vote_events(now, now, Journal())) for now in (whole, half, named)] == [0, 1, 1]
    edited = make_records(
        comments=[row_of_comment(version=2)], events=[row_of_event("comments.written", COMMENT)]
    )
    assert len(contents.check_comment_events(edited, edited, Journal())) == 1


def test_an_itinerary_that_jumps_or_tells_otherwise_than_the_events_is_seen() -> None:
    steps = [("draft", "submit", "submitted"), ("submitted", "acknowledge", "evaluation")]
    entries = [
        {
            "idea_id": IDEA,
            "position": at,
            "act": act,
            "from_stage": here,
            "to_stage": there,
            "previous": str(at - 1) if at > 1 else GENESIS,
            "hash": str(at),
        }
        for at, (here, act, there) in enumerate(steps, start=1)
    ]
    moved = row_of_event("pipeline.moved", IDEA, payload={"act": "acknowledge"})

    def check(stage: str, rows: list[Row], events: list[Row]) -> int:
        now = make_records(
            ideas=[{"id": IDEA, "stage": stage}],
            itinerary_entries=rows,
            itinerary_heads=[{"idea_id": IDEA, "position": 2}],
            events=events,
        )
        return len(contents.check_itineraries(now, now, Journal()))

    assert check("evaluation", entries, [moved]) == 0
    assert check("evaluation", entries, []) == 1
    assert check("submitted", entries, [moved]) == 1
    assert check("evaluation", entries[1:], [moved]) == 1


def test_the_ledger_pays_what_stands_once() -> None:
    entry = {"rule": "vote", "subject": IDEA, "employee_id": PERSON, "occurrence": 1, "points": 1, "day": "d"}
    again = entry | {"occurrence": 2}
    back = again | {"points": -1}

    def check(votes: list[Row], *entries: Row) -> int:
        now = make_records(votes=votes, point_entries=list(entries))
        return len(ledgers.check(now, now, Journal()))

    assert check([row_of_vote()], entry) == 0
    assert check([row_of_vote()]) == 1
    assert check([row_of_vote()], entry, again) == 1
    assert check([], entry) == 1
    assert check([], entry, back) == 0


def test_a_sync_counts_between_request_and_answer_and_on_the_log() -> None:
    asked = '7 recvfrom(9<socket>, "PUT /vote HTTP/1.1\\r\\nX-Request-Id: traced-1"..., 4096) = 99'
    told = '7 sendto(9<socket>, "HTTP/1.1 200 OK\\r\\nx-request-id: traced-1"..., 99) = 99'
    synced = "8 fdatasync(5</var/ideabox.db-wal>) = 0"
    begun, ended = "8 fsync(5</var/ideabox.db-wal> <unfinished ...>", "8 <... fsync resumed>) = 0"
    other = "8 fdatasync(5</var/other.db>) = 0"
    assert is_synced([asked, synced, told], "traced-1")
    assert is_synced([asked, begun, ended, told], "traced-1")
    for lines in (
        [synced, asked, told],
        [asked, told, synced],
        [asked, begun, told, ended],
        [asked, other, told],
    ):
        assert is_synced(lines, "traced-1") is False
    assert is_synced([asked, synced], "traced-1") is None


def test_only_what_may_be_repeated_is_delivered_twice() -> None:
    choose = lose_and_repeat(random.Random(1), lost=0.4, twice=0.6)
    kinds = {
        b"POST /auth/token HTTP/1.1\r\n\r\n": {Errand.CARRY},
        b"GET /ideas/1/vote HTTP/1.1\r\n\r\n": {Errand.CARRY},
        b"PATCH /ideas/1 HTTP/1.1\r\nIf-Match: 1\r\n\r\n": {*Errand} - {Errand.TWICE_AT_ONCE},
        b"POST /ideas HTTP/1.1\r\nIdempotency-Key: 1\r\n\r\n": {*Errand} - {Errand.CARRY},
    }
    for request, expected in kinds.items():
        assert {choose(request) for _ in range(200)} == expected
