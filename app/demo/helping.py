"""Who asks for help with an idea, and which comments changed one."""

from collections.abc import Sequence
from random import Random

from app.demo import luck
from app.demo.acts import Act, Comment
from app.demo.animation import AskHelp, Credit, Help, Thank
from app.demo.journeys import Idea
from app.demo.timeline import Timeline, draw_delay
from app.demo.topics import list_words

_ASKED = 0.06
_CREDITED = 0.07
_THANKED = 0.85
_ROOM = 4.0
"""Working days that an idea stays open at least for help to make sense."""


def plan(
    rng: Random, line: Timeline, ideas: Sequence[Idea], closings: Sequence[float], said: Sequence[Act]
) -> list[tuple[float, Act]]:
    """Requests for help soon after the submission, thanks some days later, and credit for some comments."""
    acts: list[tuple[float, Act]] = []
    for idea, closing in zip(ideas, closings, strict=True):
        lasts = min(closing, line.end) - idea.start > _ROOM
        if lasts and not idea.anonymous and idea.stage != "withdrawn" and luck.happens(rng, _ASKED):
            acts += _coach(rng, line, idea, f"H{len(acts) + 1:05d}")
    named = {idea.key: idea for idea in ideas if not idea.anonymous and idea.stage != "withdrawn"}
    for act in said:
        if isinstance(act, Comment) and act.idea in named and luck.happens(rng, _CREDITED):
            moment = line.find(act.at.date()) + 1 + draw_delay(rng, 0.05, 2.0)
            if moment < line.end:
                acts.append((moment, Credit(line.tell(moment), act.comment, named[act.idea].author)))
    return acts


def _coach(rng: Random, line: Timeline, idea: Idea, key: str) -> list[tuple[float, Act]]:
    words = list_words("animation")
    asked = idea.start + draw_delay(rng, 0.01, 0.3)
    helped = asked + draw_delay(rng, 0.1, 0.8)
    thanked = helped + draw_delay(rng, 0.5, 3.0)
    wants = luck.draw(rng, {"facilitator": 65.0, "idea_developer": 35.0})
    text = rng.choice(words["demandes"])
    acts: list[tuple[float, Act]] = [
        (asked, AskHelp(line.tell(asked), key, idea.key, idea.author, wants, text)),
        (helped, Help(line.tell(helped), key, rng.choice(words["aides"]))),
    ]
    if luck.happens(rng, _THANKED):
        acts.append((thanked, Thank(line.tell(thanked), key, idea.author)))
    return [(moment, act) for moment, act in acts if moment < line.end]
