"""THE table of periodic work."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from app.core.db import Database, WriteSession
from app.jobs import anchoring
from app.jobs.work import Periodic
from app.services import (
    activity,
    attendances,
    badges,
    broadcasts,
    captures,
    content_removals,
    deadlines,
    export_files,
    help_clock,
    holds,
    holidays,
    idempotency,
    identity_openings,
    leaderboards,
    news,
    nudge_effects,
    nudges,
    phases,
    releases,
    restriction_turns,
    retention,
    rollups,
    segments,
    sweeps,
    throttles,
    vote_flags,
    votings,
    webhooks,
)

Run = Callable[[datetime], Awaitable[int | None]]


class Step(Protocol):
    """What is done in one transaction."""

    def __call__(self, session: WriteSession, *, now: datetime) -> Awaitable[Any]:
        """Do it as of a moment."""


class Round(Protocol):
    """What takes as many transactions as it needs, and says how many rows it handled."""

    def __call__(self, database: Database, *, now: datetime) -> Awaitable[int]:
        """Do it as of a moment."""


def list_periodic(database: Database, data_dir: Path) -> Sequence[Periodic]:
    """Return everything that happens by the clock (UTC)."""

    async def anchor(due: datetime) -> None:
        await anchoring.anchor(database, data_dir, now=due)

    async def forget_exports(due: datetime) -> int:
        return await export_files.forget_old(database, data_dir, now=due)

    def all_of(round_: Round) -> Run:
        async def run(due: datetime) -> int:
            return await round_(database, now=due)

        return run

    def together(*steps: Step) -> Run:
        async def run(due: datetime) -> None:
            async with database.writer() as session:
                for step in steps:
                    await step(session, now=due)

        return run

    return (
        Periodic("clock.tick", "* * * * *", all_of(deadlines.advance)),
        Periodic("campaigns.begin-phases", "* * * * *", all_of(phases.advance)),
        Periodic("news.publish", "* * * * *", all_of(news.publish_due)),
        Periodic("nudges.send", "* * * * *", all_of(nudges.send_due)),
        Periodic("nudges.measure", "10 3 * * *", all_of(nudge_effects.measure_due)),
        Periodic("votings.end", "* * * * *", all_of(votings.end_due)),
        Periodic("clock.look-ahead", "33 1 * * *", all_of(holidays.look_ahead)),
        Periodic("clock.wake", "11 * * * *", all_of(holds.wake)),
        Periodic("help.pass-on", "*/5 * * * *", all_of(help_clock.advance)),
        Periodic("restrictions.tick", "* * * * *", all_of(restriction_turns.advance)),
        Periodic("activity.refresh", "7 * * * *", all_of(activity.refresh)),
        Periodic("badges.award", "12 * * * *", all_of(badges.award)),
        Periodic("segments.compute", "23 2 * * *", all_of(segments.compute)),
        Periodic("figures.settle", "* * * * *", all_of(rollups.settle)),
        Periodic("releases.keep", "53 * * * *", all_of(releases.keep_due)),
        Periodic("leaderboards.compute", "43 2 * * *", all_of(leaderboards.compute)),
        Periodic("identity-openings.expire", "29 * * * *", together(identity_openings.expire)),
        Periodic("idempotency.forget", "17 * * * *", together(idempotency.forget_old)),
        Periodic("exports.forget", "* * * * *", forget_exports),
        Periodic("messages.forget", "37 3 * * *", together(broadcasts.forget_old)),
        Periodic("sign-ins.forget", "27 3 * * *", together(throttles.forget_old)),
        Periodic("retention.forget", "37 3 * * *", all_of(retention.forget_nightly)),
        Periodic(
            "gatherings.forget", "57 3 * * *", together(attendances.forget_people, captures.forget_unclaimed)
        ),
        Periodic(
            "webhooks.forget",
            "47 * * * *",
            together(webhooks.forget_former_secrets),
        ),
        Periodic("votes.look", "41 2 * * *", all_of(vote_flags.look)),
        Periodic("erasures.sweep", "* * * * *", all_of(sweeps.sweep)),
        Periodic("erasures.compact", "19 3 * * *", all_of(sweeps.compact)),
        Periodic("ideas.remove-content", "3 * * * *", all_of(content_removals.remove_due)),
        Periodic("itinerary.anchor", "5 2 * * *", anchor, catch_up=True),
    )
