"""Writing letters: one item is a message, several are a digest."""

from collections.abc import Sequence

from app.integrations.letters import layout, wordings
from app.integrations.letters.cleaning import clean
from app.integrations.letters.languages import Language, get_language
from app.integrations.letters.layout import Body, Frame, Group, Link, Section
from app.integrations.letters.shapes import Fact, Item, Letter, Line


def write(
    items: Sequence[Item],
    *,
    locale: str,
    greeting_name: str,
    company_name: str,
    settings_url: str,
    unsubscribe_url: str | None,
) -> Letter:
    """Write the letter for some items, in French or English (for any other locale: English).

    One item is a message, several are a digest: what asks for an act first, those about one thing together,
    in the order given. `settings_url` is where the reader chooses what to be told; `unsubscribe_url` is the page
    that ends such messages.

    Raises: ValueError without an item; KeyError for a kind that has no wording.
    """
    if not items:
        raise ValueError("a letter needs an item")
    language = get_language(locale)
    alone = items[0] if len(items) == 1 and not _is_several(items[0]) else None
    body = _write_message(language, alone) if alone else _write_digest(language, items)
    people = clean({"name": greeting_name, "company": company_name})
    ways = [(wordings.SETTINGS, settings_url), (wordings.UNSUBSCRIBE, unsubscribe_url)]
    frame = Frame(
        locale=language.code,
        company=str(people.get("company", "")),
        greeting=language.choose(wordings.GREETING, people) or "",
        why=language.choose((wordings.WHY,), people) or "",
        links=tuple(_link(language, words, url) for words, url in ways if url),
    )
    text, html = layout.render(body, frame)
    return Letter(language.code, body.subject, text, html, body.lines)


def _write_message(language: Language, item: Item) -> Body:
    wording, facts = wordings.WORDINGS[item.kind], _name_facts(language, item)
    subject = wording.subject if "title" in item.facts else wording.untitled or wording.subject
    opening = language.choose(wording.opening, facts) or ""
    link = _link(language, wording.action, item.url)
    return Body(
        subject=language.say(subject, facts),
        preview=opening,
        paragraphs=(opening,),
        quote=str(facts.get(wording.quote, "")),
        closing=tuple(said for choice in wording.closing if (said := language.choose(choice, facts))),
        link=link,
        lines=(Line(opening, item.url, link.words),),
    )


def _write_digest(language: Language, items: Sequence[Item]) -> Body:
    asking, telling = [item for item in items if item.asks], [item for item in items if not item.asks]
    counts: dict[str, Fact] = {}
    if asking:
        counts["asked"] = language.say(wordings.ASKED, {"count": len(asking)})
    if telling:
        counts["news"] = language.say(wordings.NEWS, {"count": sum(item.count for item in telling)})
    subject = language.say(wordings.BOTH, counts) if asking and telling else str(next(iter(counts.values())))
    parts = ((wordings.WAITING, asking), (wordings.MOVING, telling))
    sections = tuple(
        Section(language.say(heading, {}), _group(language, some)) for heading, some in parts if some
    )
    return Body(
        subject=subject,
        preview=" · ".join(dict.fromkeys(group.title for part in sections for group in part.groups)),
        sections=sections,
        lines=tuple(_write_line(language, item) for item in (*asking, *telling)),
    )


def _group(language: Language, items: Sequence[Item]) -> tuple[Group, ...]:
    groups: dict[str, Group] = {}
    for item in items:
        facts = _name_facts(language, item)
        # What stands behind the `#` is a place on the same page.
        group = groups.setdefault(item.url.partition("#")[0], Group(str(facts["title"]), item.url, []))
        group.lines.append(_tell(language, item))
    return tuple(groups.values())


def _write_line(language: Language, item: Item) -> Line:
    titled = {"title": _name_facts(language, item)["title"], "line": _tell(language, item)}
    return Line(language.say(wordings.TITLED, titled), item.url, language.say(wordings.OPEN, {}))


def _tell(language: Language, item: Item) -> str:
    wording, facts = wordings.WORDINGS[item.kind], _name_facts(language, item)
    if wording.several and _is_several(item):
        return language.say(wording.several, {**facts, "count": item.count})
    return language.choose(wording.line, facts) or ""


def _is_several(item: Item) -> bool:
    return item.count > 1 and wordings.WORDINGS[item.kind].several is not None


def _name_facts(language: Language, item: Item) -> dict[str, Fact]:
    facts = clean(item.facts)
    facts.setdefault("title", language.say(wordings.UNTITLED, {}))
    for name, words in (("reason", wordings.REASONS), ("stage", wordings.STAGES)):
        if (code := str(facts.get(name))) in words:
            facts[name] = language.say(words[code], {})
    return facts


def _link(language: Language, words: str, url: str) -> Link:
    said = language.say(words, {})
    return Link(said, url, language.say(wordings.LINK, {"action": said, "url": url}))
