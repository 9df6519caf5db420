"""The ledger after the drain: each entry once, each balance 0 or the award, and everything due was paid."""

from collections import Counter, defaultdict
from collections.abc import Callable

from app.domain.rewards import SCALE, RuleKey
from tests.chaos.journal import Journal
from tests.chaos.records import Records, Row, group


def check(_before: Records, now: Records, _journal: Journal) -> list[str]:
    """Check the entries by themselves, then against votes, comments and ideas as they stand."""
    entries = group(
        sorted(now["point_entries"], key=lambda row: int(row["occurrence"])),
        lambda row: (row["rule"], row["subject"], row["employee_id"]),
    )
    faults = [
        f"the entries of {one} do not alternate: {rows}"
        for one, rows in entries.items()
        if not _alternate(rows)
    ]
    waiting = [row for row in now["events"] if row["worked_off_at"] is None]
    faults += [f"event {row['sequence']} {row['kind']} still waits ({row['failure']})" for row in waiting]
    faults += _check_capped(
        now, RuleKey.VOTE, now["votes"], "withdrawn_at", lambda row: (row["idea_id"], row["voter_id"])
    )
    said = [row for row in now["comments"] if row["source"] is None]
    faults += _check_capped(
        now, RuleKey.COMMENT, said, "deleted_at", lambda row: (row["idea_id"], row["author_id"])
    )
    return faults + _check_submitted(now)


def _alternate(rows: list[Row]) -> bool:
    """Tell whether entries of one (rule, subject, person) are award, reversal, award …, numbered from 1.

    What is spent on a prize is taken first, and then given back.
    """
    sign = -1 if rows[0]["rule"] == RuleKey.PRIZE else 1
    pairs = zip(rows[::2], rows[1::2], strict=False)
    return (
        [row["occurrence"] for row in rows] == list(range(1, len(rows) + 1))
        and all(sign * award["points"] > 0 for award in rows[::2])
        and all(award["points"] == -back["points"] for award, back in pairs)
    )


def _sum(now: Records, rule: RuleKey) -> Counter[tuple[str, str]]:
    sums: Counter[tuple[str, str]] = Counter()
    for row in now["point_entries"]:
        if row["rule"] == rule:
            sums[row["subject"], row["employee_id"]] += row["points"]
    return sums


def _check_capped(
    now: Records, rule: RuleKey, ever: list[Row], undone: str, find_pair: Callable[[Row], tuple[str, str]]
) -> list[str]:
    """Check a rule with a cap a day: paid only what stands, and all that stands where a slot was left.

    A slot is taken by what was undone since as well; who did no more than a day has slots for is never turned away.
    """
    sums = _sum(now, rule)
    standing = {find_pair(row) for row in ever if row[undone] is None}
    slots: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in now["point_entries"]:
        if row["rule"] == rule:
            slots[row["employee_id"]][str(row["day"])] += row["points"]
    cap = SCALE[rule].per_day or 0
    faults = [
        f"{rule} of {pair} is paid {paid} and nothing stands"
        for pair, paid in sums.items()
        if paid and pair not in standing
    ]
    faults += [
        f"{person} has {max(days.values())} {rule} of a day"
        for person, days in slots.items()
        if max(days.values()) > cap
    ]
    done = Counter(person for _, person in {find_pair(row) for row in ever})
    unpaid = [pair for pair in standing if not sums[pair] and done[pair[1]] <= cap]
    return faults + [f"{rule} of {pair} stands and is not paid" for pair in unpaid]


def _check_submitted(now: Records) -> list[str]:
    """Check that each submitted idea is paid once, shared without making points, and a withdrawn one is not."""
    paid: Counter[str] = Counter()
    for (idea_id, _), points in _sum(now, RuleKey.SUBMITTED).items():
        paid[idea_id] += points
    due = {
        row["id"]: 0 if row["stage"] in ("draft", "withdrawn") else SCALE[RuleKey.SUBMITTED].points
        for row in now["ideas"]
        if row["source"] is None
    }
    return [
        f"idea {idea_id} earned {paid[idea_id]} points by its submission, not {points}"
        for idea_id, points in due.items()
        if paid[idea_id] != points
    ]
