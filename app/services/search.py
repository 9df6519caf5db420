"""Keeping the search index true, in the transaction of the change; only its counts follow a moment later."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy import text as written
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.core import analysis, fulltext, typos
from app.core.db import WriteSession
from app.core.words import Word
from app.models.events import Event
from app.models.ideas import Idea, IdeaTag
from app.models.search import SearchDocument, SearchKey, SearchTerm

_LEARN = {
    (engine, table): insert(table).on_conflict_do_nothing()
    for engine, insert in (("postgresql", postgresql.insert), ("sqlite", sqlite.insert))
    for table in (SearchTerm, SearchKey)
}
_KNOWN = select(col(SearchTerm.word)).where(col(SearchTerm.word).in_(bindparam("words", expanding=True)))
_COUNT = (
    update(SearchTerm)
    .where(col(SearchTerm.word) == bindparam("which"))
    .values(ideas=col(SearchTerm.ideas) + bindparam("more"))
)


_ANY = {
    "postgresql": written("SELECT 1 FROM search_documents WHERE document @@ CAST(:stem AS tsquery) LIMIT 1"),
    "sqlite": written("SELECT 1 FROM search_index WHERE search_index MATCH :stem LIMIT 1"),
}
"""Asks whether any idea has a stem."""


async def index(session: WriteSession, idea: Idea, tags: Sequence[str]) -> None:
    """Put an idea's title, texts and tags into the index, in place of what was there."""
    title = analysis.words(idea.title)
    body = analysis.words(_join_texts(idea))
    labels = analysis.words(" ".join(tags))
    document = await session.scalar(select(SearchDocument).where(col(SearchDocument.idea_id) == idea.id))
    if document is None:
        document = SearchDocument(idea_id=idea.id, title="", body="", tags="")
        session.add(document)
    document.title, document.body, document.tags = _write(title), _write(body), _write(labels)
    await _learn(session, {word.text: word.stem for word in [*title, *body, *labels]})


async def count_words(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:  # noqa: ARG001  every reaction takes it
    """Count the words of newly submitted ideas in the vocabulary; an idea is counted once."""
    documents = (
        await session.scalars(
            select(SearchDocument).where(
                col(SearchDocument.idea_id).in_([event.subject for event in events]),
                col(SearchDocument.counted).is_(False),
            )
        )
    ).all()
    ideas = {
        idea.id: idea
        for idea in await session.scalars(
            select(Idea).where(col(Idea.id).in_([document.idea_id for document in documents]))
        )
    }
    tags = await session.execute(
        select(col(IdeaTag.idea_id), col(IdeaTag.tag)).where(col(IdeaTag.idea_id).in_(ideas))
    )
    texts = {idea.id: f"{idea.title} {_join_texts(idea)}" for idea in ideas.values()}
    for idea_id, tag in tags:
        texts[idea_id] += f" {tag}"
    counts: Counter[str] = Counter()
    for text in texts.values():
        counts.update({word.text for word in analysis.words(text)})
    for document in documents:
        document.counted = True
    if counts:
        rows = [{"which": word, "more": more} for word, more in sorted(counts.items())]
        await (await session.connection()).execute(_COUNT, rows)


async def forget(session: WriteSession, idea_id: str) -> None:
    """Take an idea out of the index."""
    await session.execute(delete(SearchDocument).where(col(SearchDocument.idea_id) == idea_id))


async def unlearn(session: WriteSession, idea: Idea, tags: Sequence[str]) -> None:
    """Take an idea out of the index, and words that no other idea has out of the vocabulary."""
    document = await session.scalar(select(SearchDocument).where(col(SearchDocument.idea_id) == idea.id))
    if document is None:
        return
    counted = document.counted
    await session.delete(document)
    await session.flush()
    texts = f"{idea.title} {_join_texts(idea)} {' '.join(tags)}"
    words = {word.text: word.stem for word in analysis.words(texts)}
    connection = await session.connection()
    if counted and words:
        rows = [{"which": word, "more": -1} for word in sorted(words)]
        await connection.execute(_COUNT, rows)
    rare = await session.scalars(
        select(col(SearchTerm.word)).where(
            col(SearchTerm.word).in_(sorted(words)), col(SearchTerm.ideas) <= 0
        )
    )
    for word in rare.all():
        asked = {"stem": fulltext.fts5([[[words[word]]]])}
        if connection.dialect.name == "postgresql":
            asked = {"stem": fulltext.tsquery([[[words[word]]]])}
        if (await connection.execute(_ANY[connection.dialect.name], asked)).first() is None:
            for table in (SearchTerm, SearchKey):
                await connection.execute(delete(table).where(col(table.word) == word))


async def _learn(session: WriteSession, words: dict[str, str]) -> None:
    """Enter words that the vocabulary does not have yet; two writers may enter the same."""
    known = set(await session.scalars(_KNOWN, {"words": list(words)}))
    new = sorted(set(words) - known)
    terms = [{"word": word, "stem": words[word], "ideas": 0} for word in new]
    keys = [{"key": key, "word": word} for word in new for key in typos.keys(word)]
    connection = await session.connection()
    for table, rows in ((SearchTerm, terms), (SearchKey, keys)):
        if rows:
            await connection.execute(_LEARN[connection.dialect.name, table], rows)


def _join_texts(idea: Idea) -> str:
    return f"{idea.problem}\n{idea.solution}\n{idea.benefit}"


def _write(words: list[Word]) -> str:
    return " ".join(word.stem for word in words)
