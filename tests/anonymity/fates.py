"""What becomes of anonymous ideas: one idea of the same author for each, left where it stands then."""

from collections.abc import Awaitable, Callable
from unicodedata import normalize

from tests.anonymity import script
from tests.anonymity.script import WHY
from tests.anonymity.stage import Stage

Fate = Callable[[Stage, str], Awaitable[None]]


async def be_joined(stage: Stage, idea_id: str) -> None:
    """Have somebody write along, and another one be asked to."""
    path = f"/ideas/{idea_id}/authors"
    for name in ("Dora", "Pete"):
        await stage.act(stage.author, "POST", path, {"employee": stage.cast[name].id})
    await stage.act("Dora", "PUT", f"{path}/me", {"answer": "accept"})


async def be_withdrawn(stage: Stage, idea_id: str) -> None:
    """Take it back."""
    await stage.act(stage.author, "POST", f"/ideas/{idea_id}/withdrawal")


async def be_declined(stage: Stage, idea_id: str) -> None:
    """Have the holder decline it."""
    holder = await script.find_holder(stage, idea_id)
    no = {"action": "decline", "reason_code": "cost", "text": WHY}
    await stage.act(holder, "POST", f"/ideas/{idea_id}/decisions", no)


async def be_appealed(stage: Stage, idea_id: str) -> None:
    """Have it declined, and looked at again."""
    await be_declined(stage, idea_id)
    await stage.act(stage.author, "POST", f"/ideas/{idea_id}/appeal", {"text": WHY})


async def be_merged(stage: Stage, idea_id: str) -> None:
    """Have whoever may merge it into another idea of the same author."""
    before = stage.known["idea_id"].index(idea_id) - 1
    into = {"into": stage.known["idea_id"][before], "text": WHY}
    for name in sorted(stage.cast.people):
        answer = await stage.speak(name).request("POST", f"/ideas/{idea_id}/merger", json=into)
        if answer.is_success:
            return
    message = "Nobody could merge it."
    raise AssertionError(message)


async def be_restricted(stage: Stage, idea_id: str) -> None:
    """Hand it to the readers of a lane, and talk with them."""
    lane = {"readers": [stage.cast["Fay"].id], "contact": "Bureau des brevets"}
    await stage.act("Adam", "PUT", "/restriction-lanes/invention", lane)
    path = f"/ideas/{idea_id}/restriction"
    await stage.act(stage.author, "POST", path, {"kind": "invention", "text": WHY})
    await stage.act(stage.author, "POST", f"{path}/messages", {"body": "Est-ce nouveau ?"})
    await stage.act("Fay", "POST", f"{path}/messages", {"body": "Nous regardons."})


async def be_hidden(stage: Stage, idea_id: str) -> None:
    """Have it and a comment of its author hidden after reports, and appeal."""
    said = {"body": "Personne ne dira cela"}
    comment = await stage.act(stage.author, "POST", f"/ideas/{idea_id}/comments", said)
    stage.know("comment_id", comment["id"])
    verdict = {"action": "hide", "reason_code": "insult", "text": WHY}
    for path in (f"/comments/{comment['id']}", f"/ideas/{idea_id}"):
        for name in ("Max", "Dan"):
            await stage.act(name, "POST", f"{path}/reports", {"reason_code": "insult"})
        stage.know("case_id", await script.decide_case(stage, verdict))
    await stage.act(stage.author, "POST", f"/moderation/{stage.known['case_id'][-1]}/appeals", {"text": WHY})


FATES: tuple[Fate, ...] = (
    be_joined,
    be_withdrawn,
    be_declined,
    be_appealed,
    be_merged,
    be_restricted,
    be_hidden,
)


async def meet_fates(stage: Stage) -> list[str]:
    """Have the author submit an idea for each fate, which it meets; return the ideas in the order of the fates."""
    ideas = [await _submit(stage, fate.__name__) for fate in FATES]
    await stage.wait(minutes=2)
    for fate, idea_id in zip(FATES, ideas, strict=True):
        await fate(stage, idea_id)
        await stage.wait(minutes=2)
    return ideas


async def _submit(stage: Stage, title: str) -> str:
    values = script.write_idea(stage, f"Un sort : {title}", function=stage.cast.functions["Finance"])
    made = await stage.act(stage.author, "POST", "/ideas", values | {"anonymous": True})
    return stage.know("idea_id", made["id"])


def sign(stage: Stage, name: str) -> str:
    """Return words that somebody signs, composed and decomposed: machines don't type alike."""
    person = stage.cast[name]
    names = (
        person.name,
        normalize("NFD", person.name),
        person.name.upper(),
        person.email,
        person.external_id,
    )
    return f"{WHY} {', '.join(map(str, names))}."


async def sign_everything(stage: Stage, name: str, other: str) -> str:
    """Have somebody sign an idea of their own, which is returned, and whatever they say of another one."""
    words = sign(stage, name)
    texts = script.write_idea(stage, f"Une idée de {stage.cast[name].name}", solution=words, benefit=words)
    texts |= {"function": stage.cast.functions["Finance"], "tags": [stage.cast[name].external_id]}
    own = stage.know("idea_id", (await stage.act(name, "POST", "/ideas", texts))["id"])
    for idea_id in (own, other):
        said = await stage.act(name, "POST", f"/ideas/{idea_id}/comments", {"body": words})
        stage.know("comment_id", said["id"])
    await stage.act(name, "POST", f"/ideas/{other}/reports", {"reason_code": "spam", "text": words})
    await stage.act(name, "POST", "/corrections", {"text": words})
    return own


async def sign_unnamed(stage: Stage, ideas: list[str]) -> None:
    """Have the author sign what was said without a name: an idea, a comment, an appeal, a message."""
    words = sign(stage, stage.author)
    joined, declined, restricted = (
        ideas[FATES.index(fate)] for fate in (be_joined, be_declined, be_restricted)
    )
    await stage.act(
        stage.author, "PATCH", f"/ideas/{joined}", {"problem": words, "tags": ["signé"]}, **{"If-Match": "*"}
    )
    await stage.act(stage.author, "POST", f"/ideas/{joined}/comments", {"body": words})
    await stage.act(stage.author, "POST", f"/ideas/{declined}/appeal", {"text": words})
    await stage.act(stage.author, "POST", f"/ideas/{restricted}/restriction/messages", {"body": words})
