"""Calendar files, read back by a library, and line by line as RFC 5545 has it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from app.integrations import calendar_files
from app.integrations.calendar_files import Entry

NOW = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\r\n\t"), max_size=200)


def make_entry(title: str = "Atelier", description: str = "", location: str = "Lyon") -> Entry:
    return Entry(
        uid="k3v7q2m5x4z6b7n2c5w3r4t6@ideas.example",
        sequence=3,
        status="CONFIRMED",
        title=title,
        description=description,
        location=location,
        url="https://ideas.example/gatherings/a",
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=2),
        created_at=NOW - timedelta(days=2),
        changed_at=NOW - timedelta(days=1),
    )


def unfold(written: bytes) -> list[str]:
    assert written.endswith(b"\r\n")
    lines = written.decode().split("\r\n")[:-1]
    assert all(len(line.encode()) <= 75 for line in lines), "folded at 75 octets (RFC 5545, 3.1)"
    assert not any(character in line for line in lines for character in "\r\n")
    return "\r\n".join(lines).replace("\r\n ", "").split("\r\n")


def test_an_entry_is_read_back_as_it_was() -> None:
    entry = make_entry("Été, l’atelier ; suite\\fin", "Une ligne\nune autre", "Lyon; salle 3, 2e")
    (event,) = Calendar.from_ical(calendar_files.write([entry])).walk("VEVENT")
    assert (event["uid"], event["sequence"], event["status"]) == (entry.uid, 3, "CONFIRMED")
    assert (str(event["summary"]), str(event["description"])) == (entry.title, entry.description)
    assert str(event["location"]) == entry.location
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (entry.starts_at, entry.ends_at)
    assert event.decoded("dtstamp") == event.decoded("last-modified") == entry.changed_at


@given(TEXT, TEXT)
def test_no_text_becomes_a_line_of_the_file(title: str, location: str) -> None:
    names = [
        line.partition(":")[0] for line in unfold(calendar_files.write([make_entry(title, title, location)]))
    ]
    allowed = set("BEGIN END VERSION PRODID UID DTSTAMP LAST-MODIFIED CREATED SEQUENCE STATUS".split())
    allowed |= set("DTSTART DTEND SUMMARY DESCRIPTION LOCATION URL".split())
    assert set(names) <= allowed
    assert len(names) == len(set(names)) + 2, "BEGIN and END stand twice, everything else once at most"


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\u0085", "\x0b", "\x0c"])
def test_a_line_break_in_a_title_injects_nothing(break_: str) -> None:
    written = calendar_files.write([make_entry(f"A{break_}ATTENDEE:mailto:x@y.example{break_}END:VEVENT")])
    assert not [line for line in unfold(written) if line.startswith("ATTENDEE")]
    (event,) = Calendar.from_ical(written).walk("VEVENT")
    assert "attendee" not in event


def test_the_same_entries_are_the_same_bytes_and_times_are_in_utc() -> None:
    written = calendar_files.write([make_entry()])
    assert written == calendar_files.write([make_entry()])
    assert b"DTSTART:20260329T013000Z\r\n" in written
    assert b"X-WR-CALNAME" not in written


def test_a_feed_says_its_name_and_when_to_ask_again() -> None:
    lines = unfold(calendar_files.write([], name="Ideabox"))
    assert "X-WR-CALNAME:Ideabox" in lines
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
