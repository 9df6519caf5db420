"""A campaign of cases made from the published schema, with every check, as one person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.engine.recorder import ScenarioRecorder

Known = Mapping[str, Sequence[str]]
"""Identifiers of what is there, by the kind of thing."""

_PLACES = {
    "ideas": ("path.idea_id", "body.into"),
    "comments": ("path.comment_id", "body.reply_to"),
    "employees": ("path.employee_id", "body.employee", "body.owner"),
    "rules": ("path.rule_id",),
    "themes": ("body.theme", "query.theme"),
    "functions": ("body.function", "query.function"),
    "campaigns": ("body.campaign", "query.campaign"),
    "entities": ("body.entity", "query.entity"),
    "versions": ("header.If-Match",),
    "days": (
        "body.starts_on",
        "body.ends_on",
        "body.wake_on",
        "body.benefit_due_on",
        "query.from",
        "query.to",
    ),
}
"""Where identifiers of a kind are asked for."""

_PATHS_IN_PATHS = ("/api/v1/ideas/similar", "/api/v1/ideas/{idea_id}/authors/me")
"""Addresses that a template of the document fits as well: its methods are allowed there, too."""

_REFUSALS = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "428", "431"]


@dataclass
class Outcome:
    """What came of a campaign."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    succeeded: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Count what came of another campaign in."""
        self.cases += other.cases
        self.statuses += other.statuses
        self.phases += other.phases
        self.succeeded |= other.succeeded
        self.failures += other.failures

    def say(self) -> str:
        """Return the counts in a line."""
        by_status = ", ".join(f"{status}: {number}" for status, number in sorted(self.statuses.items()))
        by_phase = ", ".join(f"{phase} {number}" for phase, number in sorted(self.phases.items()))
        return (
            f"{self.cases} cases ({by_phase}); {len(self.succeeded)} operations got to a success; {by_status}"
        )


def survey(base_url: str, token: str) -> dict[str, list[str]]:
    """Return the identifiers that a person sees, a few of each kind."""
    known: dict[str, list[str]] = {
        "versions": ["*", '"1.a"', '"2.a"'],
        "days": ["2026-02-28", "2027-01-04", "2028-02-29"],
    }
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=f"{base_url}/api/v1", headers=headers, timeout=30) as client:

        def list_ids(path: str) -> list[str]:
            answer = client.get(path)
            return [item["id"] for item in answer.json()["items"]] if answer.status_code == 200 else []

        for kind in ("themes", "functions", "campaigns", "entities", "employees"):
            known[kind] = list_ids(f"/{kind}?limit=12" if kind != "themes" else "/themes")
        known["rules"] = list_ids("/routing-rules")
        known["ideas"] = list_ids("/ideas?mine=true&limit=20") + list_ids("/ideas?limit=20")
        queue = client.get("/reviews")
        if queue.status_code == 200:
            known["ideas"] += [review["idea"]["id"] for review in queue.json()["items"]]
        known["comments"] = [
            found for idea in known["ideas"][:12] for found in list_ids(f"/ideas/{idea}/comments")
        ]
    return {kind: sorted(set(found)) for kind, found in known.items() if found}


def run(
    document: dict[str, Any],
    *,
    base_url: str,
    token: str,
    known: Known,
    seed: int,
    examples: int,
    phases: Sequence[str],
    seconds: int | None = None,
) -> Outcome:
    """Send cases to a server as the person whose token is given, and collect what was wrong.

    `examples` are the cases for each operation in the phase of fuzzing and the chains in the stateful one;
    with `seconds` both are repeated until these are over. The same seed and the same answers make the same cases.
    """
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "base-url": base_url,
            "headers": {"Authorization": f"Bearer {token}"},
            **({} if seconds is None else {"max-time": seconds}),
            "continue-on-failure": True,
            "request-timeout": 20.0,
            "generation": {"max-examples": examples, "no-shrink": True, "database": "none"},
            "phases": {
                name: {"enabled": name in phases} for name in ("examples", "coverage", "fuzzing", "stateful")
            },
            "checks": {
                # Rules beyond the form (a gate that lacks its proof, a theme that is none) answer 422 as well.
                "positive_data_acceptance": {"enabled": False},
                "negative_data_rejection": {"expected-statuses": _REFUSALS},
                # Chains are guessed from names: the theme of a new idea would have to be an idea, too.
                "ensure_resource_availability": {"enabled": False},
            },
            "operations": [
                # A stream has no end that a case could wait for.
                {"include-path": "/api/v1/events", "enabled": False},
                *(
                    {"include-path": path, "checks": {"allow_header_conformance": {"enabled": False}}}
                    for path in _PATHS_IN_PATHS
                ),
            ],
            "dictionaries": {kind: {"values": list(found)} for kind, found in known.items()},
            "parameters": {
                place: {"dictionary": kind, "probability": 0.85}
                for kind, places in _PLACES.items()
                if kind in known
                for place in places
            },
        }
    )
    schema = schemathesis.openapi.from_dict(document, config=config)
    outcome = Outcome()
    for event in from_schema(schema).execute():
        if isinstance(event, ScenarioFinished):
            _count(outcome, event.phase.value, event.recorder)
        elif isinstance(event, NonFatalError):
            outcome.failures.append(f"{event.label}: {event.info}")
        elif isinstance(event, FatalError):
            outcome.failures.append(f"the campaign broke: {event.exception!r}")
    return outcome


def _count(outcome: Outcome, phase: str, recorder: ScenarioRecorder) -> None:
    for case_id, interaction in recorder.interactions.items():
        outcome.cases += 1
        outcome.phases[phase] += 1
        if interaction.response is None:
            continue
        status = interaction.response.status_code
        outcome.statuses[status] += 1
        case = recorder.cases[case_id].value
        if status < 300:
            outcome.succeeded.add(case.operation.label)
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                code = check.failure_info.code_sample
                outcome.failures.append(
                    f"{recorder.cases[case_id].value.operation.label}, {check.name}: {failure.title}\n"
                    f"    {failure.message}\n    {code}"
                )
