"""The trial of the state machine: people, servers, and so many steps from one seed."""

import asyncio
import os
import time
from dataclasses import replace
from itertools import count

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from tests.chaos.installation import Installation
from tests.chaos.model import Company
from tests.chaos.model_machine import Machine, Play
from tests.chaos.races_ground import Ground, Racer, prepare
from tests.chaos.starting_gun import Gun
from tests.chaos.trials import Outcome

STEPS = 5_000
_STEPS_AN_EXAMPLE = 50
_SECONDS_A_STEP = 0.5
_LEAST_SECONDS = 600.0

_OFFICERS = (
    Racer("apex", "Racers/Top"),
    Racer("k1", "Racers/K1", "apex", functions="Model one"),
    Racer("k2", "Racers/K2", "i3", functions="Model one"),
    Racer("k3", "Racers/K3", "apex", functions="Model two"),
    Racer("k4", "Racers/K4", "apex", functions="Model two"),
    Racer("i1", "Racers/I1", "apex", roles="innovation_manager"),
    Racer("i2", "Racers/I2", "apex", roles="innovation_manager"),
    Racer("i3", "Racers/I3", "apex", roles="innovation_manager"),
)
_FUNCTIONS = ("Model one", "Model two")
_GRANTS = (
    "SELECT g.role, g.employee_id, f.name FROM role_grants g JOIN employees e ON e.id = g.employee_id"
    " LEFT JOIN functions f ON f.id = g.function_id WHERE g.ended_at IS NULL AND e.active"
)


async def run(installation: Installation, number: int) -> Outcome:
    """Play STEPS steps (5,000); `number` is the seed that makes the same draws again."""
    return await play(installation, number, steps=int(os.environ.get("STEPS") or STEPS))


async def play(installation: Installation, number: int, *, steps: int) -> Outcome:
    """Play so many steps, or until a divergence."""
    outcome = Outcome()
    # A run that chance ends early takes a crew as well.
    crews = -(-steps // _STEPS_AN_EXAMPLE) * 4 + 6
    racers = [*_OFFICERS, *(racer for crew in range(crews) for racer in _list_crew(crew))]
    async with prepare(installation, outcome, number, racers) as ground:
        await asyncio.to_thread(_play, ground, number, steps, crews)
    return outcome


def _list_crew(number: int) -> list[Racer]:
    """A crew: the first author has nobody but the top above, the second a correspondent and a manager."""
    managers = {"a": "apex", "b": "k2", "c": "apex", "d": "apex"}
    return [Racer(f"m{number}-{name}", "Racers/Crew", manager) for name, manager in managers.items()]


def _play(ground: Ground, number: int, steps: int, crews: int) -> None:
    with asyncio.Runner() as runner:
        gun = Gun(*ground.gun.addresses)
        playing = replace(ground, gun=gun)
        criteria = runner.run(playing.do("i1", "GET", "/scorecard-criteria"))["items"]
        play = Play(
            ground=playing,
            company=_describe_company(ground, crews),
            officers=[ground.people[one.name] for one in _OFFICERS[1:]],
            names={person: name for name, person in ground.people.items()},
            crews=[[ground.people[one.name] for one in _list_crew(crew)] for crew in range(crews)],
            functions=[ground.functions[name] for name in _FUNCTIONS],
            card={"scores": {one["id"]: 4 for one in criteria}, "text": "Worth it."},
            runner=runner,
            steps=steps,
            until=time.monotonic() + max(_LEAST_SECONDS, steps * _SECONDS_A_STEP),
        )
        turns = count(number)
        try:
            while not play.over and play.crews:
                _run_once(play, next(turns), steps)
        except Exception as error:  # noqa: BLE001  whatever a library makes of a divergence, it is noted here
            ground.outcome.faults += play.diverged or [f"the machine broke: {error!r}"]
        runner.run(gun.close())
    ground.outcome.counts |= {
        f"of {steps} steps": play.counts.pop("steps"),
        **dict(sorted(play.counts.items())),
    }


def _run_once(play: Play, number: int, steps: int) -> None:
    """Run examples of one seed; what the server does first is free, so a draw may not come out as it did before."""
    machine = seed(number)(type("Machine", (Machine,), {"play": play}))
    try:
        run_state_machine_as_test(machine, settings=_make_settings(steps - play.counts["steps"]))
    except Flaky:
        if play.diverged:
            raise
        play.counts["times begun anew"] += 1


def _make_settings(steps: int) -> settings:
    return settings(
        max_examples=max(1, steps // _STEPS_AN_EXAMPLE),
        stateful_step_count=_STEPS_AN_EXAMPLE,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        # What is begun anew is no fault; a divergence is told with its own log.
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )


def _describe_company(ground: Ground, crews: int) -> Company:
    people = ground.people
    held: dict[str, set[str]] = {"innovation_manager": set(), "sponsor": set(), "admin": set()}
    correspondents: dict[str, set[str]] = {}
    for role, person, function in ground.books.ask(_GRANTS):
        if role == "correspondent":
            correspondents.setdefault(ground.functions[function], set()).add(person)
        elif role in held:
            held[role].add(person)
    line = {}
    for crew in range(crews):
        line[people[f"m{crew}-a"]] = frozenset({people["apex"]})
        line[people[f"m{crew}-b"]] = frozenset({people["apex"], people["k2"], people["i3"]})
    return Company(
        correspondents={function: frozenset(found) for function, found in correspondents.items()},
        innovation_managers=frozenset(held["innovation_manager"]),
        sponsors=frozenset(held["sponsor"]),
        admins=frozenset(held["admin"]),
        line=line,
    )
