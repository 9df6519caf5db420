"""The page of the pipeline: its table, what each gate wants to see, its diagram."""

from app.domain.gates import GateNotMet, check_shown
from app.domain.pipeline import MOVES, OPEN_STAGES, Act, Move, Stage
from docs.made.markdown import write_page, write_table

_TEXT = """
One table, `MOVES` in `app/domain/pipeline.py`: from it come the moves that are offered (`can`), the
refusals, this page and its tests. A move is a compare-and-swap: of two deciders at once exactly one wins,
and the other gets `pipeline.moved-meanwhile`. What an act must show is in `app/domain/gates.py`; it is
looked at last.
"""
_BESIDE_FIELDS = {Act.SELECT: ["a filled scorecard"]}
"""What a gate wants to see that is no field of the request."""

_PLAIN = "is needed here"
_BACK = (Act.REOPEN, Act.APPEAL)


def write() -> str:
    """Return the table of moves and their diagram."""
    rows = [
        (
            _write_stages(move.sources),
            _write_act(move.act),
            move.by,
            "the stage of the decline" if move.act in _BACK else move.target or "the same",
            _write_flags(move),
            _write_gate(move),
        )
        for move in MOVES
    ]
    table = write_table(("from", "act", "by", "to", "only when", "must show"), rows)
    return write_page("The pipeline", _TEXT, table, f"```mermaid\n{draw()}\n```")


def draw() -> str:
    """Return the Mermaid state diagram; acts between the same two stages share an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for act in Act:
        moves = [move for move in MOVES if move.act is act]
        everywhere = frozenset[Stage]().union(*(move.sources for move in moves)) == OPEN_STAGES
        for move in moves[:1] if everywhere else moves:
            sources = ["open"] if everywhere else [stage.value for stage in Stage if stage in move.sources]
            for source in sources:
                target = "back" if act in _BACK else move.target or source
                arrows.setdefault((source, target), []).append(_write_act(act))
    return "\n".join(
        [
            "stateDiagram-v2",
            "  direction LR",
            '  state "any open stage" as open',
            '  state "the stage of the decline" as back',
            "  [*] --> draft",
            *(f"  {source} --> {target}: {' / '.join(acts)}" for (source, target), acts in arrows.items()),
        ]
    )


def _write_act(act: Act) -> str:
    return act.value.replace("_", " ")


def _write_stages(stages: frozenset[Stage]) -> str:
    return (
        "any open stage" if stages == OPEN_STAGES else ", ".join(stage for stage in Stage if stage in stages)
    )


def _write_flags(move: Move) -> str:
    wanted = {"in clarification": move.in_clarification, "on hold": move.on_hold}
    return ", ".join(name if flag else f"not {name}" for name, flag in wanted.items() if flag is not None)


def _write_gate(move: Move) -> str:
    """Knock at the gate with nothing to show, from each stage, and note what it asks for."""
    asked: dict[str, list[str]] = {}
    for stage in sorted(move.sources):
        try:
            check_shown(move.act, stage, {})
        except GateNotMet as refusal:
            for problem in refusal.errors:
                note = "" if problem.detail == _PLAIN else f" ({problem.detail})"
                asked.setdefault(f"`{problem.pointer[1:]}`{note}", []).append(stage)
    fields = [
        name if len(stages) == len(move.sources) else f"{name} from {', '.join(stages)}"
        for name, stages in asked.items()
    ]
    return ", ".join([*fields, *_BESIDE_FIELDS.get(move.act, [])])
