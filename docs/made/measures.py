"""The page of the measures: how figures are counted, what is hidden of them, and the catalogue in both languages."""

# ruff: noqa: E501  a row of a table is one line

from app.domain.catalogue import CATALOGUE
from app.domain.measure_definitions import MeasureDefinition
from docs.made.markdown import write_page, write_table

_TEXT = """
What each figure of `GET /api/v1/stats/…` means: one definition, one denominator, one date. Roles `hr` and
`innovation_manager` read them. No figure can be asked for of one person.

## The day

`as_of` is a day of the company's time zone (`IDEABOX_COMPANY_TIMEZONE`), today without it; a time with an
offset stands for the day it falls on. A figure says how things stood at the **end** of that day. The answer
repeats the day that was used. A day to come is refused.

`from` and `to` are the first and the last day of what counts; without them everything up to `as_of` counts.
`to` ends at `as_of` at the latest. `campaign` narrows to what was done on ideas of a campaign; the headcount
and *connected* know no campaign and stay as they are.

`entity` narrows to an entity and everything below it, in the tree of the last release before `as_of` (today's for
today). People count where they worked at the end of the day, whatever they did elsewhere before; ideas count where
their first author was when submitting.

## Releases

**The whole company** is told of every day. **Participation of an entity** is told by releases: how things stood at the
end of a month. `as_of` means the last release on or before that day, and the answer says which one it was, when the next
one is due (`release`), and by figure as of which day it is told. A release is made in the hour after its month is
over, once: nothing that happens later changes it, be it a vote taken back, a correction, a reorganisation or an
erasure. The whole tree is chosen at once, the same for every reader.

A release has three tables of an entity:

- everything until its day (no `from`);
- what was done in its month (`from` its first day, `to` its last one);
- a campaign as a whole (`campaign`), told by the release of the month in which it ended, and by that one alone.

Of other days, and of a campaign in some days, nothing is told of an entity; `hidden.detail` says so.

## Participation

| measure | who is counted | over | as of a day |
|---|---|---|---|
| `headcount` | each person of kind *employee* whose employment covers the end of the day. Operators (accounts made on the command line) and placeholders (authors of imported ideas) are outside | – | employments are dated: who left that day is out, who came that day is in |
| `connected` | who signed in interactively at least once (refreshed sessions and development tokens are no sign-ins) | headcount | sign-ins until the end of the day |
| `submitted` | who is an author, first or co-author who has accepted, of a submitted idea, whatever became of it. Drafts and imported ideas don't count | headcount | ideas submitted, and co-authors who had accepted, until the end of the day; who left the authors since is not counted |
| `commented` | who wrote a comment that was not deleted. Imported comments don't count | headcount | a comment deleted later still counts for the days before |
| `voted` | who has a vote that was not withdrawn, and that no campaign hides any more | headcount | a vote withdrawn later still counts for the days before; a hidden one counts from the end of its voting on, for the days before too |

`people` is the number of different people **of the headcount of that day**: who left is in neither number,
so that no rate exceeds 1. `rate` is `people` divided by `headcount`, a fraction of 1, not rounded.

## Pipeline

Numbers of ideas are not numbers of people: they are exact, small ones too.

| measure | what is counted | as of a day |
|---|---|---|
| `ideas` | every idea submitted until then, imported ones included (by their date elsewhere), whatever became of it | `submitted_at` until the end of the day, within `from`–`to` |
| `stages` | the same ideas, by the stage where they stood. `draft` is always 0: drafts are never counted | the stage that the last entry of the itinerary led to; before its first entry an imported idea was submitted |
| `with_potential` | ideas in *selected*, *project*, *pilot*, *deployed* | the same |
| `time_to_first_answer` | ideas whose holder has acknowledged, asked, forwarded, recommended or declined: days from the first entry of the itinerary (the submission, or the import) to the first of these acts | acts until the end of the day |
| `time_to_decision` | ideas that were recommended or declined: days from the first entry to the first of these acts | the same |

`reviews` is the number of ideas measured; `median_days` the middle value (the mean of the two middle ones),
`p90_days` the smallest value that nine tenths don't exceed, both of calendar days, rounded to hundredths.
Ideas that still wait have no time yet and are not in it. With an entity, a campaign or days given, times of
fewer than 5 ideas are not told.

Figures of ideas are narrowed to a `theme` and a `function` too. Of an entity they leave ideas without a name out,
except `/stats/pipeline` (rule 6 below).

| call | what it tells |
|---|---|
| `GET /stats/funnel` | how many ideas ever came to each stage or beyond it, as a share of those submitted and of the stage before; how long those have stood that are there now; how many were declined, withdrawn, merged |
| `GET /stats/times` | days to the first answer and to a decision; days in each stage before ideas went on; first answers that were due, and the share that came in time |
| `GET /stats/load` | open turns of correspondents, late ones, those that wait for somebody: in all, and by function where five people or more had a turn in 90 days. The functions hidden are two at least and carried by five people at least, or none: the total would give them away |
| `GET /stats/travel` | signed ideas by the part of the company that wrote and by the part that answered first, where whoever answered worked then. Parts are what is directly below `entity`. A cell with fewer than 5 authors is hidden; where it is the only one of its row, the next one with it; a row with fewer than 5 authors as a whole |
| `GET /stats/benefits` | last estimate at the project gate and last amount at the deployment gate of each idea, by currency and by how often; what was measured as a share of what was estimated, of the ideas with both |
| `GET /stats/campaigns` | campaigns beside each other: ideas, answered, with potential, deployed |
| `GET /stats/rates` | of the whole company: ideas for 100 people; deployed, of those submitted; with a measured benefit above nought, of those deployed; selected, per person connected (the *ideation rate* of Minor, Brook and Bernoff, “Data from 3.5 Million Employees Shows How Innovation Really Works”, Harvard Business Review, October 2017) |

Costs are not recorded, so no return is told: it would be the benefit without them.

## What is hidden

The floor is **5 people**. It is no setting, and no role lowers it. A hidden figure is `null`, and `hidden`
names it; 0 looks like 1 to 4, and like what is hidden for the sake of others.

1. **The whole company**, without a campaign and without `from` or `to`, is shown to the unit, unless it has
   fewer than 5 people: then everything is hidden. An entity that has all the people is shown like it.
2. **Small cells.** With a filter, hidden are: everything of an entity with fewer than 5 people; 0 to 4 people;
   and what leaves 1 to 4 people of the headcount out.
3. **Neighbours.** Entities add up to the one above them, with the people directly in it. So with each small
   cell others are hidden, until none can be worked out from sums and differences of what is shown:
   each hidden cell keeps at least 5 possible values. Where a headcount is hidden, so is every figure of that entity.
   Entities in which nobody has worked since the first of the month are no part of the tree.
4. **Months and campaigns.** A figure of a month or a campaign is hidden too where it differs by 1 to 4 people from
   everything until that day; who did something before and not in that month is protected like who did it in it, with
   the same neighbours hidden. So is a month in which 1 to 4 people did again what they had done before.
   Of the whole company, `from`, `to` and `campaign` hide what differs by 1 to 4 people from the same day without.
5. **Two releases never differ by 1 to 4 people**, neither by those who did something nor by those of the headcount
   who did not. An entity whose figure would is *kept back*: it is told as it was told last, over the headcount of
   that day. What follows from a release are sums over groups of entities: each entity that was told, without those
   below it that were told too. What follows from two releases are the smallest groups made up of groups of both; where
   such a group differs by 1 to 4 people, one of its entities is kept back as well. This holds across
   reorganisations, too. Who works where is in the directory for everybody: headcounts are hidden where they are
   small, and not kept back. Months are compared with everything until then, not with each other: they are about
   different acts.
6. **Without a name.** What people do under anonymity (submit an anonymous idea, comment on their own one)
   counts at once for the whole company. Below it:
   - it counts only from the first of the next month on, all of a month together; of `from`–`to` only
     whole months count;
   - it counts only where at least 5 people begin to count together: who did it *only* without a name waits, going
     upwards from the own entity, until there are 5, and counts from there upwards. So the difference between
     an entity and its parts is made up of 5 such people or of none. In the pipeline the people are the first authors of
     anonymous ideas, each counted in one entity;
   - times to answer and to decision leave anonymous ideas out.

   An idea that was signed since counts under its authors' names for all days.

`tests/domain/test_releases.py` solves what was published as one system of equations, over random companies, months and
reorganisations, and looks for groups of 1 to 4 people; it is seen to find a planted leak.

What these rules don't take away: different campaigns may differ by few people who acted under their names; and the
whole company is told of every day, to the unit.
"""
_CATALOGUE = """
## The catalogue

`GET /stats/measures` has it in one's own language. Sums, shares and times are those of the whole company, or of what
they are narrowed to.
"""


def write() -> str:
    """Return how figures are counted, and every measure."""
    head = ("measure", "français", "English", "what is counted", "over", "as of", "where", "by")
    return write_page(
        "Measures", _TEXT, _CATALOGUE, write_table(head, [_list_cells(each) for each in CATALOGUE])
    )


def _list_cells(each: MeasureDefinition) -> tuple[str, ...]:
    return (
        f"`{each.key}`",
        f"{each.name.fr}. {each.definition.fr}",
        f"{each.name.en}. {each.definition.en}",
        each.numerator.en,
        "–" if each.denominator is None else each.denominator.en,
        each.as_of.en,
        f"`{each.where}`",
        ", ".join(by.value for by in each.by) or "–",
    )
