"""What holds in any database whatever was written: rows and events agree, chains are paths, no key is half."""

from collections import Counter

from app.domain import chains
from app.domain.pipeline import Act
from tests.chaos.journal import Journal
from tests.chaos.records import Records, Row, group

_MOVES = {act.value for act in Act} - {"submit"}


def check_vote_events(_before: Records, now: Records, _journal: Journal) -> list[str]:
    """Match each vote with one event of its casting, and its withdrawal with one."""
    cast = Counter(row["id"] for row in now["votes"])
    withdrawn = Counter(row["id"] for row in now["votes"] if row["withdrawn_at"] is not None)
    named = [row for row in now.list_events("votes.cast", "votes.withdrawn") if row["actor_id"]]
    return [
        *_match("votes", cast, _count_subjects(now, "votes.cast")),
        *_match("withdrawn votes", withdrawn, _count_subjects(now, "votes.withdrawn")),
        *(f"event {row['sequence']} names a voter" for row in named),
    ]


def check_comment_events(_before: Records, now: Records, _journal: Journal) -> list[str]:
    """Match each comment with its events; each change is one version."""
    rows = now["comments"]
    deleted = Counter(row["id"] for row in rows if row["deleted_at"] is not None)
    edits = Counter({row["id"]: row["version"] - 1 - deleted[row["id"]] for row in rows})
    imported = {row["id"] for row in rows if row["source"] is not None}
    written = Counter(row["id"] for row in rows if row["id"] not in imported)
    return [
        *_match("comments", written, _count_subjects(now, "comments.written")),
        *_match("edited comments", +edits, _count_subjects(now, "comments.edited")),
        *_match("deleted comments", deleted, _count_subjects(now, "comments.deleted")),
    ]


def check_idea_events(_before: Records, now: Records, _journal: Journal) -> list[str]:
    """Match each idea with its authors, its events and its place in the search; none is there by half."""
    rows = [row for row in now["ideas"] if row["source"] is None]
    submitted = Counter(row["id"] for row in rows if row["stage"] != "draft")
    edits = Counter({row["id"]: row["version"] - 1 for row in rows})
    authors = Counter(row["idea_id"] for row in now["authorships"] if row["position"] == 0)
    found = Counter(row["idea_id"] for row in now["search_documents"])
    named = {row["id"] for row in rows if row["anonymous"]}
    return [
        *_match("submitted ideas", submitted, _count_subjects(now, "ideas.submitted")),
        *_match("edited ideas", +edits, _count_subjects(now, "ideas.edited")),
        *_match("first authors", Counter(row["id"] for row in now["ideas"]), authors),
        *_match(
            "ideas in the search", Counter(r["id"] for r in now["ideas"] if r["stage"] != "draft"), found
        ),
        *(
            f"event {row['sequence']} names the author of an anonymous idea"
            for row in now.list_events("ideas.submitted", "ideas.drafted", "ideas.edited")
            if row["actor_id"] and row["subject"] in named
        ),
    ]


def check_itineraries(_before: Records, now: Records, _journal: Journal) -> list[str]:
    """Verify each chain, that it is a path which ends where the idea stands, and that its moves are the events."""
    entries = group(
        sorted(now["itinerary_entries"], key=lambda row: int(row["position"])), lambda r: r["idea_id"]
    )
    stages = {row["id"]: row["stage"] for row in now["ideas"] if row["stage"] != "draft"}
    heads = {row["idea_id"]: row["position"] for row in now["itinerary_heads"]}
    moved = group(now.list_events("pipeline.moved"), lambda row: row["subject"])
    faults = []
    for idea_id in stages.keys() | entries.keys() | heads.keys():
        chain = entries[idea_id]
        acts = [row["act"] for row in chain if row["act"] in _MOVES]
        told = [row["payload"]["act"] for row in moved[idea_id]]
        if acts != told:
            faults.append(f"idea {idea_id}: its itinerary says {acts}, its events {told}")
        if not _is_path(chain, stages.get(idea_id)) or heads.get(idea_id) != len(chain):
            steps = [(row["from_stage"], row["act"], row["to_stage"]) for row in chain]
            faults.append(f"idea {idea_id} stands at {stages.get(idea_id)} after {steps}")
    return faults


def check_keys(_before: Records, now: Records, _journal: Journal) -> list[str]:
    """Find no key that was kept without its answer."""
    return [
        f"a key is kept with status {row['status']}" for row in now["idempotency_keys"] if row["status"] < 200
    ]


def _is_path(chain: list[Row], stage: str | None) -> bool:
    """Tell whether each entry begins where the one before ended, with its hash, and the last ends at a stage."""
    here, previous = "draft", chains.GENESIS
    for position, row in enumerate(chain, start=1):
        if (row["position"], row["from_stage"], row["previous"]) != (position, here, previous):
            return False
        here, previous = row["to_stage"], row["hash"]
    return bool(chain) and here == stage


def _count_subjects(now: Records, kind: str) -> Counter[str]:
    return Counter(row["subject"] for row in now.list_events(kind))


def _match(what: str, rows: Counter[str], told: Counter[str]) -> list[str]:
    return [
        f"{what}: {subject} {counted} more times in {where}"
        for difference, where in ((rows - told, "the rows"), (told - rows, "the events"))
        for subject, counted in sorted(difference.items())
    ]
