"""Ideas as employees write them: title, problem, solution, benefit, tags, no two alike."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from app.demo import luck
from app.demo.grammar import Phrase, capitalise, expand, join, lead_in, sentence, tidy
from app.demo.places import draw_places
from app.demo.topics import Topic, list_phrases, list_topics, list_words

_LINKS = (
    "de plus, ",
    "par ailleurs, ",
    "autre souci : ",
    "en outre, ",
    "et ",
    "surtout, ",
    "autre exemple : ",
    "sans compter que ",
    "à cela s'ajoute un deuxième point : ",
)
Outline = list[tuple[str, int, Phrase]]
_ATTEMPTS = 30
_LEAST_FOR_PARAGRAPHS = 3


@dataclass(frozen=True, slots=True)
class IdeaText:
    """One idea in words; `topic` and `slots` let comments and decisions speak of the same thing."""

    title: str
    problem: str
    solution: str
    benefit: str | None
    theme: str
    function: str
    tags: tuple[str, ...]
    topic: Topic
    slots: Mapping[str, str]
    pains: frozenset[int]


@dataclass(slots=True)
class Writer:
    """Writes ideas one after the other and remembers what was said, so as not to repeat it."""

    rng: Random
    _titles: set[str] = field(default_factory=set)
    _uses: Counter[str] = field(default_factory=Counter)
    _problems: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    _cases: dict[str, list[int]] = field(default_factory=dict)

    def write(
        self,
        *,
        place: str,
        feminine: bool = False,
        anonymous: bool = False,
        functions: Mapping[str, float] | None = None,
        themes: Collection[str] = (),
    ) -> IdeaText:
        """Write a new idea.

        `place` is the author's town; an anonymous author names any town, and nothing tells the gender.
        `functions` are the weights of the functions the author writes about, `themes` the only themes wanted,
        all when empty.
        The title is new, and at most half of the problem's phrases are those of an earlier idea.
        """
        topic = self._pick_topic(functions or {}, themes)
        slots = self._fill_slots(topic, place, feminine=feminine, anonymous=anonymous)
        problem, pains = self._write_problem(topic, slots, anonymous=anonymous)
        wanted = [theme for theme in topic.themes if not themes or theme in themes]
        count = self.rng.choices((1, 2, 3), (2, 5, 3))[0]
        return IdeaText(
            title=self._write_title(topic, slots),
            problem=problem,
            solution=self._write_solution(topic, slots),
            benefit=self._write_benefit(topic, slots),
            theme=wanted[0] if len(wanted) == 1 or luck.happens(self.rng, 0.7) else wanted[1],
            function=topic.function,
            tags=tuple(self.rng.sample(topic.tags, min(count, len(topic.tags)))),
            topic=topic,
            slots=slots,
            pains=pains,
        )

    def _pick_topic(self, functions: Mapping[str, float], themes: Collection[str]) -> Topic:
        topics = list_topics()
        fitting = [topic for topic in topics if not themes or any(theme in themes for theme in topic.themes)]
        weights = [
            functions.get(topic.function, 1.0) / (1 + self._uses[topic.key]) ** 1.5 for topic in fitting
        ]
        topic = self.rng.choices(fitting, weights)[0]
        self._uses[topic.key] += 1
        return topic

    def _fill_slots(self, topic: Topic, place: str, *, feminine: bool, anonymous: bool) -> dict[str, str]:
        marked = feminine and not anonymous
        slots = draw_places(self.rng, "" if anonymous else place)
        slots |= {"e": "e" if marked else "", "ne": "ne" if marked else ""}
        slots |= {"o": topic.matter, "qui": topic.people}
        left = self._cases.setdefault(topic.key, [])
        if not left:
            left.extend(self.rng.sample(range(len(topic.cases)), len(topic.cases)))
        slots["x"] = tidy(expand(topic.cases[left.pop()], self.rng, slots))
        return slots

    def _write_title(self, topic: Topic, slots: Mapping[str, str]) -> str:
        frames = list_phrases("cadres")
        for _ in range(40):
            nominal = bool(topic.nominals) and luck.happens(self.rng, 0.25)
            core = expand(self.rng.choice(topic.nominals if nominal else topic.infinitives), self.rng, slots)
            frame = self.rng.choice(frames["titre_nominal" if nominal else "titre_infinitif"])
            if "?" in core or ":" in core:
                frame = frames["titre_nominal"][0]
            title = capitalise(tidy(expand(frame, self.rng, {**slots, "t": core})))
            if title.casefold() not in self._titles:
                break
        else:
            title = self._distinguish(title, slots)
        self._titles.add(title.casefold())
        return title

    def _distinguish(self, title: str, slots: Mapping[str, str]) -> str:
        number = 1
        candidate = f"{title} – {slots['ville']}"
        while candidate.casefold() in self._titles:
            number += 1
            candidate = f"{title} – {slots['ville']}, {number}e proposition"
        return candidate

    def _write_problem(
        self, topic: Topic, slots: Mapping[str, str], *, anonymous: bool
    ) -> tuple[str, frozenset[int]]:
        earlier = self._problems.setdefault(topic.key, [])
        plan = self._plan_problem(topic, anonymous=anonymous)
        for _ in range(_ATTEMPTS):
            phrases = _name_phrases(plan)
            if all(2 * len(phrases & other) <= min(len(phrases), len(other)) for other in earlier):
                break
            plan = self._plan_problem(topic, anonymous=anonymous)
        earlier.append(_name_phrases(plan))
        sentences: list[str] = []
        for position, (section, _, phrase) in enumerate(plan):
            text = expand(phrase, self.rng, slots)
            if section == "p" and position and plan[position - 1][0] == "p" and luck.happens(self.rng, 0.3):
                text = join(self.rng.choice(_LINKS), text)
            sentences.append(sentence(text))
        pains = frozenset(index for section, index, _ in plan if section == "p")
        return self._lay_out(sentences, greeting=not anonymous), pains

    def _plan_problem(self, topic: Topic, *, anonymous: bool) -> Outline:
        frames = list_phrases("cadres")
        count = self.rng.choices((1, 2, 3), (24, 51, 25))[0]
        plan = self._draw("p", topic.pains, count)
        if luck.happens(self.rng, 0.62):
            personal = not anonymous and luck.happens(self.rng, 0.45)
            section = "ouverture_personnelle" if personal else "ouverture_generale"
            plan = self._draw(section, frames[section], 1) + plan
        missing = 2 - len(plan)
        ends = max(missing, self.rng.choices((0, 1, 2), (42, 48, 10))[0])
        return plan + self._draw("consequence", frames["consequence"], min(ends, 5 - len(plan)))

    def _draw(self, section: str, phrases: Sequence[Phrase], count: int) -> Outline:
        indexes = self.rng.sample(range(len(phrases)), min(count, len(phrases)))
        return [(section, index, phrases[index]) for index in indexes]

    def _lay_out(self, sentences: list[str], *, greeting: bool) -> str:
        text = " ".join(sentences)
        if len(sentences) >= _LEAST_FOR_PARAGRAPHS and luck.happens(self.rng, 0.15):
            text = f"{sentences[0]}\n\n{' '.join(sentences[1:])}"
        if greeting and luck.happens(self.rng, 0.06):
            text = f"{self.rng.choice(list_words('cadres')['salut'])}\n{text}"
        return text

    def _write_solution(self, topic: Topic, slots: Mapping[str, str]) -> str:
        frames = list_phrases("cadres")
        count = self.rng.choices((1, 2, 3, 4), (15, 40, 35, 10))[0]
        remedies = [expand(p, self.rng, slots) for _, _, p in self._draw("s", topic.remedies, count)]
        room = 6 - len(remedies)
        steps = min(room, max(2 - len(remedies), self.rng.choices((0, 1, 2), (40, 47, 13))[0]))
        tail = [expand(p, self.rng, slots) for _, _, p in self._draw("m", frames["mise_en_oeuvre"], steps)]
        if steps < room and luck.happens(self.rng, 0.28):
            tail.append(expand(self.rng.choice(frames["conclusion"]), self.rng, slots))
        body = self._lay_out_remedies(remedies, slots)
        if not tail:
            return body
        return body + ("\n" if "\n" in body else " ") + " ".join(map(sentence, tail))

    def _lay_out_remedies(self, remedies: list[str], slots: Mapping[str, str]) -> str:
        style = luck.draw(self.rng, {"led": 58, "dashes": 16, "plain": 16, "numbers": 10})
        if len(remedies) > 1 and style == "dashes":
            return "\n".join(f"- {tidy(remedy)}" for remedy in remedies)
        if len(remedies) > 1 and style == "numbers":
            return "\n".join(f"{rank}. {sentence(remedy)}" for rank, remedy in enumerate(remedies, 1))
        frames = list_phrases("cadres")
        leads = self.rng.sample(frames["amorce_suivante"], len(remedies) - 1)
        first = () if style == "plain" else self.rng.choice(frames["amorce"])
        return " ".join(
            lead_in(expand(lead, self.rng, slots), remedy)
            for lead, remedy in zip([first, *leads], remedies, strict=True)
        )

    def _write_benefit(self, topic: Topic, slots: Mapping[str, str]) -> str | None:
        if luck.happens(self.rng, 0.06):
            return None
        sentences = [sentence(expand(self.rng.choice(topic.gains), self.rng, slots))]
        if luck.happens(self.rng, 0.4):
            frame = self.rng.choice(list_phrases("cadres")["benefice"])
            sentences.append(sentence(expand(frame, self.rng, slots)))
        return " ".join(sentences)


def _name_phrases(plan: Outline) -> frozenset[str]:
    return frozenset(f"{section}{index}" for section, index, _ in plan)


def speak_of(idea: IdeaText) -> dict[str, str]:
    """The slots of an idea for those who write about it: its case when it has a name, else its matter."""
    case = idea.slots["x"]
    named = case.startswith(("les ", "la ", "le ", "l'"))
    return {**idea.slots, "x": case if named else idea.slots["o"]}
