"""Who votes for what, and when."""

from collections.abc import Sequence
from random import Random

from app.demo import attention
from app.demo.acts import Act, Vote
from app.demo.attention import Stage
from app.demo.crowd import share_out
from app.demo.timeline import Timeline


def plan(
    rng: Random, stage: Stage, line: Timeline, voters: Sequence[str], total: int
) -> list[tuple[float, Act]]:
    """Every voter votes at least once, nobody for an own idea or twice for one, all while votes are taken."""
    ideas = len(stage.ideas)
    counts = share_out(rng, voters, total, idle=0.32, most=(0.06 * ideas, 0.4 * ideas))
    acts: list[tuple[float, Act]] = []
    for voter, count in counts.items():
        for index in attention.pick_ideas(rng, stage, stage.votes, voter, count):
            idea = stage.ideas[index]
            moment = attention.draw_moment(rng, idea.start, stage.closings[index], mean=7.0)
            acts.append((moment, Vote(line.tell(moment), idea.key, voter)))
    return acts
