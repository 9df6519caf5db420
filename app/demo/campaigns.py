"""The campaigns of the two years, each with its theme, its question and its sponsor."""

from collections.abc import Sequence
from random import Random

from app.demo.acts import Campaign
from app.demo.organisation import Organisation
from app.demo.timeline import Timeline
from app.demo.topics import list_words

_MOST = 7
_IDEAS_FOR_ONE = 45


def draw(rng: Random, organisation: Organisation, line: Timeline, ideas: int) -> tuple[Campaign, ...]:
    """Draw the campaigns, one at least, spread over the time after the launch, none over another."""
    count = max(1, min(_MOST, ideas // _IDEAS_FOR_ONE))
    sponsors = organisation.list_with("sponsor")
    themes = list_words("campagnes")
    rounds = [list(themes), list(themes)]
    for themes_of_round in rounds:
        rng.shuffle(themes_of_round)
    campaigns: list[Campaign] = []
    step = (line.end - 40) / count
    for number in range(count):
        theme = (rounds[0] + rounds[1])[number]
        name, _, question = themes[theme][number // len(themes)].partition(" | ")
        opens = int(36 + number * step + rng.uniform(0, step * 0.3))
        closes = opens + min(30, int(step * 0.6))
        campaigns.append(
            Campaign(
                key=f"C{number + 1}",
                name=name,
                question=question,
                theme=theme,
                sponsor=sponsors[number % len(sponsors)].external_id,
                opens_at=line.tell(opens),
                closes_at=line.tell(closes + 0.99),
            )
        )
    return tuple(campaigns)


def list_peaks(campaigns: Sequence[Campaign], line: Timeline) -> list[tuple[float, float]]:
    """The working days from the opening to the closing of each campaign, the last one included."""
    return [
        (line.find(campaign.opens_at.date()), line.find(campaign.closes_at.date()) + 1)
        for campaign in campaigns
    ]
