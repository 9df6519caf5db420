"""The script: what happens in both worlds, act by act; only who writes the anonymous ideas differs."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.domain.moderation import WAITING
from app.models.vote_flags import VoteFlag, VoteFlagIdea
from tests.anonymity.stage import Stage
from tests.support.gatherings import describe

Act = Callable[[Stage], Awaitable[None]]

READERS = ("Bob", "Rita", "Yann", "Dan", "Eve", "Ian", "Mia", "Hana", "Walt", "Adam", "Max", "Fay")
"""A person of each role, and of each line: whose view is taken."""

WHY = "Un texte assez long pour tout expliquer à chacun."
MONEY = {"amount": 1200, "currency": "EUR", "per": "year"}
KINDS = [
    "ideas.submitted",
    "ideas.edited",
    "pipeline.moved",
    "scorecards.filled",
    "votes.changed",
    "comments.written",
    "comments.edited",
    "comments.deleted",
    "reviews.assigned",
    "reviews.late",
    "reviews.reassigned",
    "reviews.escalated",
    "campaigns.announced",
]


def write_idea(stage: Stage, title: str, **changes: Any) -> dict[str, Any]:
    """Return the body of an idea."""
    texts = {"title": title, "problem": f"Le problème : {title}", "solution": "Une minuterie partout"}
    return {**texts, "theme": stage.cast.themes["brand"], **changes}


async def find_holder(stage: Stage, idea_id: str) -> str:
    """Return the first name of who holds an idea."""
    held = await stage.speak("Max").get(f"/ideas/{idea_id}")
    return next(name for name, person in stage.cast.people.items() if person.id == held["holder"]["id"])


async def live_before(stage: Stage) -> None:
    """Have a past: the same for both who could have written the ideas, and a company that is alive."""
    for name in sorted(stage.cast.people):
        stage.know("entity", stage.cast[name].entity_id or "")
    one, other = stage.pair
    for name in (one, other, "Bob", "Yann", "Max"):
        stage.know("employee_id", stage.cast[name].id)
    stage.known["entity"] = list(dict.fromkeys(stage.known["entity"]))
    stage.known["theme"] = list(stage.cast.themes.values())
    stage.known["function"] = list(stage.cast.functions.values())
    stage.know("campaign_id", stage.cast.permanent_box)
    for name in ("Ian", "Adam"):
        made = await stage.act(
            name, "POST", "/webhooks", {"url": f"https://{name.lower()}.example/a", "kinds": KINDS}
        )
        stage.know("webhook_id", made["id"])
    await stage.act("Mia", "PUT", "/segment-thresholds/regular.active_days", {"at_least": 2})
    await stage.act(
        "Ian", "POST", "/routing-rules", {"function": stage.cast.functions["IT"], "words": ["serveur"]}
    )
    # Enough of each unit write, vote and talk for its figures to be shown; the two only vote.
    units = [f"{unit} {number}" for number in range(1, 7) for unit in ("Lyon", "Nantes")]
    for number, name in enumerate(("Pete", "Max", *units)):
        function = stage.cast.functions[("Finance", "IT")[number % 2]]
        idea = write_idea(stage, f"Éteindre les écrans {number}", function=function)
        made = await stage.act(name, "POST", "/ideas", idea | {"anonymous": name == "Pete"})
        if number in {0, 1, 2}:
            stage.know("idea_id", made["id"])
        path = f"/ideas/{made['id']}"
        for voter in (one, "Fay", other, units[number - 3]):
            await stage.act(voter, "PUT", f"{path}/vote")
        for talker in ("Fay", units[number - 5]):
            await stage.act(talker, "POST", f"{path}/comments", {"body": f"D'accord avec {number}"})
    await hold_things(stage)
    await stage.wait(days=1, hours=1)


async def hold_things(stage: Stage) -> None:
    """Announce a campaign and a gathering to which both authors come, and whatever else a company does."""
    cast = stage.cast
    local = stage.now.replace(tzinfo=None)
    phases = [
        {
            "phase": kind,
            "starts": (local + timedelta(days=at)).isoformat(),
            "ends": (local + timedelta(days=at + 30)).isoformat(),
        }
        for at, kind in ((0, "collect"), (30, "vote"))
    ]
    units = [cast["Bob"].entity_id, cast["Yann"].entity_id]
    plan = {
        "name": "Eau",
        "question": "Comment en user moins ?",
        "time_zone": "UTC",
        "phases": phases,
        "audience": {"entities": units},
    }
    campaign = await stage.act("Mia", "POST", "/campaigns", plan)
    await stage.act("Mia", "POST", f"/campaigns/{campaign['id']}/announcement")
    stage.know("campaign_id", campaign["id"])
    stage.known["campaign"] = stage.known["campaign_id"]
    gathering = await stage.act("Mia", "POST", "/gatherings", describe(cast, minutes=10_000))
    stage.know("gathering_id", gathering["id"])
    for name in (*stage.pair, "Max"):
        await stage.act(name, "PUT", f"/gatherings/{gathering['id']}/sign-up")
    await offer_things(stage)
    await raise_flag(stage)
    await follow(stage)
    for name in (*stage.pair, "Max"):
        await stage.act(name, "PUT", "/me/badges/display", {"badges": True, "level": True})


async def offer_things(stage: Stage) -> None:
    """Have prizes, an award, somebody who asks for help, and somebody who asks for an identity."""
    cast = stage.cast
    for way in ({"way": "jury", "jury": [cast["Dan"].id]}, {"way": "points", "cost": 1}):
        prize = await stage.act("Mia", "POST", "/prizes", {"name": f"Un livre {way['way']}", **way})
        stage.know("prize_id", prize["id"])
    stage.known["prize"] = stage.known["prize_id"]
    path = f"/prizes/{stage.known['prize_id'][0]}/awards"
    award = await stage.act("Dan", "POST", path, {"employee": cast["Max"].id, "reason": "Serviable"})
    stage.know("award_id", award["id"])
    draft = await stage.act("Max", "POST", "/ideas", write_idea(stage, "Pas encore", draft=True))
    await stage.act("Fay", "PUT", "/me/skills", {"skills": ["excel"], "capacity": 2})
    wish = {"text": "Comment le chiffrer ?", "wants": "facilitator"}
    asked = await stage.act("Max", "POST", f"/ideas/{draft['id']}/help-requests", wish)
    stage.know("request_id", asked["id"])
    unnamed = write_idea(stage, "Sans nom", anonymous=True)
    other = (await stage.act("Max", "POST", "/ideas", unnamed))["id"]
    opening = await stage.act("Mia", "POST", f"/ideas/{other}/identity-openings", {"reason": WHY + WHY})
    stage.know("opening_id", opening["id"])
    for name in ("Dan", "Fay"):
        await stage.act(name, "POST", f"/ideas/{other}/reports", {"reason_code": "spam"})
    kept = {"action": "keep", "reason_code": "spam", "text": WHY}
    stage.know("case_id", await decide_case(stage, kept))
    order = {"what": "ideas", "format": "csv", "reason": WHY}
    stage.know("export_id", (await stage.act("Ian", "POST", "/exports", order))["id"])


async def follow(stage: Stage) -> None:
    """Have everybody follow both authors and where they write, and both compare themselves with others."""
    stage.known["function_id"] = stage.known["function"]
    for reader in READERS:
        for name in stage.pair:
            await stage.act(reader, "PUT", f"/employees/{stage.cast[name].id}/follow")
        for campaign in stage.known["campaign_id"]:
            await stage.act(reader, "PUT", f"/campaigns/{campaign}/follow")
        await stage.act(reader, "PUT", f"/functions/{stage.known['function'][0]}/follow")
    for name in (*stage.pair, "Max", "Bob", "Yann", "Fay", "Dan"):
        await stage.act(name, "PUT", "/me/leaderboard", {"shown": True})
        await stage.act(
            name,
            "PUT",
            "/me/innovator-profile",
            {"shown": True, "readers": ["sponsor", "innovation_manager", "community_manager"]},
        )
    post = await stage.act(
        "Mia", "POST", "/news", {"title": "Bonne année", "body": "À tous", "audience": "everybody"}
    )
    await stage.act("Mia", "POST", f"/news/{stage.know('news_id', post['id'])}/publication")
    nudge = await stage.act("Mia", "POST", "/nudges", {"title": "Un mot de vous", "body": "Il peut aider."})
    await stage.act("Mia", "POST", f"/nudges/{stage.know('nudge_id', nudge['id'])}/sending")


async def raise_flag(stage: Stage) -> None:
    """Have votes look arranged, as the nightly look finds them when there are many."""
    facts: dict[str, Any] = {"votes": 20, "people": 20, "minutes": 10}
    moments: dict[str, Any] = dict.fromkeys(("since", "until", "found_at", "seen_at"), stage.now)
    async with stage.database.writer() as session:
        flag = VoteFlag(kind="burst", **facts, **moments)
        session.add(flag)
        await session.flush()
        session.add(VoteFlagIdea(flag_id=flag.id, idea_id=stage.known["idea_id"][0]))
        stage.know("flag_id", flag.id)


async def submit(stage: Stage) -> None:
    """Submit three ideas: at once, from a draft that was thought over, and for a campaign."""
    finance = stage.cast.functions["Finance"]
    first = write_idea(
        stage, "Ce que personne n'ose dire", function=finance, anonymous=True, tags=["courage"]
    )
    stage.know("idea_id", (await stage.act(stage.author, "POST", "/ideas", first))["id"])
    draft = write_idea(stage, "Le serveur de trop", draft=True)
    made = await stage.act(stage.author, "POST", "/ideas", draft)
    path = f"/ideas/{stage.know('idea_id', made['id'])}"
    await stage.act(stage.author, "PATCH", path, {"anonymous": True}, **{"If-Match": "*"})
    await stage.act(stage.author, "POST", f"{path}/submission")
    third = write_idea(stage, "L'eau du parking", campaign=stage.known["campaign_id"][1], anonymous=True)
    stage.know("idea_id", (await stage.act(stage.author, "POST", "/ideas", third))["id"])


def get_own(stage: Stage) -> list[str]:
    """Return the anonymous ideas, in the order in which they were submitted."""
    return stage.known["idea_id"][-3:]


async def edit(stage: Stage) -> None:
    """Change the texts and tags of an idea."""
    change = {"problem": "Le problème, mieux dit", "tags": ["courage", "parole"]}
    await stage.act(stage.author, "PATCH", f"/ideas/{get_own(stage)[0]}", change, **{"If-Match": "*"})


async def be_voted_for(stage: Stage) -> None:
    """Have others vote, take a vote back and talk."""
    for idea_id in get_own(stage):
        for name in ("Pete", "Rita", "Ulla", "Bob", "Yann", "Max", "Dora"):
            await stage.act(name, "PUT", f"/ideas/{idea_id}/vote")
        await stage.act("Max", "DELETE", f"/ideas/{idea_id}/vote")
        for reader in READERS:
            await stage.act(reader, "PUT", f"/ideas/{idea_id}/follow")
        await stage.act("Pete", "POST", f"/ideas/{idea_id}/comments", {"body": "Enfin !"})


async def be_joined(stage: Stage) -> None:
    """Write an idea together with somebody who is close to nobody in it."""
    path = f"/ideas/{get_own(stage)[2]}/authors"
    await stage.act(stage.author, "POST", path, {"employee": stage.cast["Dora"].id})
    await stage.act("Dora", "PUT", f"{path}/me", {"answer": "accept"})


async def comment(stage: Stage) -> None:
    """Talk under one's own ideas: write, answer, correct, take back."""
    path = f"/ideas/{get_own(stage)[0]}/comments"
    first = await stage.act("Max", "POST", path, {"body": "Et pourquoi pas ?"})
    made = await stage.act(stage.author, "POST", path, {"body": "C'est mon idée"})
    stage.know("comment_id", made["id"])
    await stage.act(stage.author, "POST", path, {"body": "Merci", "reply_to": first["id"]})
    await stage.act(
        stage.author, "PATCH", f"/comments/{made['id']}", {"body": "C'est une idée"}, **{"If-Match": "*"}
    )
    gone = await stage.act(stage.author, "POST", path, {"body": "Oubliez"})
    await stage.act(stage.author, "DELETE", f"/comments/{gone['id']}", **{"If-Match": "*"})
    await stage.act("Pete", "POST", path, {"body": "Bien vu", "reply_to": made["id"]})


async def answer(stage: Stage) -> None:
    """Be asked back, and answer."""
    idea_id = get_own(stage)[0]
    holder, path = await find_holder(stage, idea_id), f"/ideas/{idea_id}/decisions"
    await stage.act(holder, "POST", path, {"action": "acknowledge"})
    await stage.act(holder, "POST", path, {"action": "clarify", "text": "Combien cela coûte-t-il ?"})
    await stage.wait(hours=3)
    await stage.act(stage.author, "POST", path, {"action": "answer", "text": "Presque rien."})


async def be_late(stage: Stage) -> None:
    """Have nobody answer until the clock passes it on and brings it to the innovation managers."""
    for _ in range(3):
        await stage.wait(days=5)


async def be_selected(stage: Stage) -> None:
    """Have an idea go all the way."""
    idea_id = get_own(stage)[0]
    holder, path = await find_holder(stage, idea_id), f"/ideas/{idea_id}"
    await stage.act(holder, "POST", f"{path}/decisions", {"action": "recommend", "text": WHY})
    criteria = (await stage.speak("Max").get("/scorecard-criteria"))["items"]
    holder = await find_holder(stage, idea_id)
    scores = {each["id"]: 4 for each in criteria}
    await stage.act(holder, "PUT", f"{path}/scorecard", {"scores": scores, "text": "Bien"})
    day = stage.now.date()
    for step in (
        {"to": "selected"},
        {"to": "project", "owner": stage.cast["Max"].id, "estimate": MONEY},
        {
            "to": "pilot",
            "place": "Lille",
            "success_measure": "-10 %",
            "starts_on": f"{day}",
            "ends_on": f"{day + timedelta(days=30)}",
        },
        {"to": "deployed", "result": "-12 %", "benefit": MONEY},
    ):
        await stage.act(holder, "POST", f"{path}/transitions", step)


async def win(stage: Stage) -> None:
    """Have an idea win a prize that two people agree to."""
    path = f"/prizes/{stage.known['prize_id'][0]}/awards"
    award = await stage.act("Mia", "POST", path, {"idea": get_own(stage)[0], "reason": "Courageux"})
    stage.know("award_id", award["id"])
    for name in sorted(stage.cast.people):
        if name not in stage.pair:
            await stage.speak(name).request("POST", f"/awards/{award['id']}/approvals")
    await stage.act(stage.author, "PUT", f"/awards/{award['id']}/receipt")


async def be_declined(stage: Stage) -> None:
    """Have an idea declined, and appeal."""
    idea_id = get_own(stage)[1]
    holder, path = await find_holder(stage, idea_id), f"/ideas/{idea_id}"
    no = {"action": "decline", "reason_code": "cost", "text": WHY}
    await stage.act(holder, "POST", f"{path}/decisions", no)
    await stage.act(stage.author, "POST", f"{path}/appeal", {"text": WHY})


async def be_reported(stage: Stage) -> None:
    """Have an idea hidden after reports, appeal, and have another moderator show it again."""
    idea_id = get_own(stage)[0]
    for name in ("Max", "Dan"):
        await stage.act(name, "POST", f"/ideas/{idea_id}/reports", {"reason_code": "insult"})
    verdict = {"reason_code": "insult", "text": WHY}
    case_id = await decide_case(stage, verdict | {"action": "hide"})
    stage.know("case_id", case_id)
    await stage.act(stage.author, "POST", f"/moderation/{case_id}/appeals", {"text": WHY})
    await decide_case(stage, verdict | {"action": "restore"})


async def decide_case(stage: Stage, verdict: dict[str, str]) -> str:
    """Have whoever was drawn decide the case; return which it was."""
    for name in sorted(stage.cast.people):
        answer = await stage.speak(name).request("GET", "/moderation")
        for case in answer.json()["items"] if answer.is_success else ():
            if case["state"] not in WAITING:
                continue
            await stage.act(name, "POST", f"/moderation/{case['id']}/decisions", verdict)
            return str(case["id"])
    message = "Nobody was drawn."
    raise AssertionError(message)


async def withdraw(stage: Stage) -> None:
    """Take an idea back."""
    await stage.act(stage.author, "POST", f"/ideas/{get_own(stage)[2]}/withdrawal")


async def credit(stage: Stage) -> None:
    """Say that a comment changed an idea."""
    talk = (await stage.speak("Max").get(f"/ideas/{get_own(stage)[0]}/comments"))["items"]
    changed = next(
        each["id"] for each in talk if each["author"] and each["author"]["id"] == stage.cast["Pete"].id
    )
    await stage.act(stage.author, "PUT", f"/comments/{changed}/credit")


async def be_helped(stage: Stage) -> None:
    """Ask for help with an idea, and thank for it."""
    path = f"/ideas/{get_own(stage)[1]}/help-requests"
    made = await stage.act(stage.author, "POST", path, {"text": WHY, "wants": "facilitator"})
    own = f"/help-requests/{stage.know('request_id', made['id'])}"
    await stage.act("Fay", "PUT", f"{own}/answer", {"accept": True})
    await stage.act("Fay", "POST", f"{own}/messages", {"body": "Commencez par les chiffres."})
    await stage.act(stage.author, "POST", f"{own}/messages", {"body": "Lesquels ?"})
    await stage.act(stage.author, "PUT", f"{own}/thanks")


async def be_asked_for(stage: Stage) -> None:
    """Have somebody ask who it was: once it is refused, once it is taken back, once nobody answers in time."""
    path = f"/ideas/{get_own(stage)[0]}/identity-openings"
    for asking, end in (("Mia", "refusal"), ("Adam", "withdrawal"), ("Mia", "")):
        opening = await stage.act(asking, "POST", path, {"reason": WHY + WHY})
        own = f"/identity-openings/{stage.know('opening_id', opening['id'])}"
        await stage.wait(hours=1)
        if end == "refusal":
            seen = [
                name for name in ("Hana", "Walt") if (await stage.speak(name).request("GET", own)).is_success
            ]
            await stage.act(seen[0], "POST", f"{own}/refusal", {"text": WHY})
        elif end:
            await stage.act(asking, "POST", f"{own}/{end}")


async def be_restricted(stage: Stage) -> None:
    """Hand an idea to the readers of a lane, talk with them, and have it lifted."""
    lane = {"readers": [stage.cast["Fay"].id], "contact": "Bureau des brevets"}
    await stage.act("Adam", "PUT", "/restriction-lanes/invention", lane)
    path = f"/ideas/{get_own(stage)[1]}/restriction"
    await stage.act(stage.author, "POST", path, {"kind": "invention"})
    await stage.act(stage.author, "POST", f"{path}/messages", {"body": "Est-ce nouveau ?"})
    await stage.act("Fay", "POST", f"{path}/messages", {"body": "Non, cela existe."})
    await stage.act("Fay", "POST", f"{path}/decisions", {"action": "lift", "text": WHY})


async def sleep_on_it(stage: Stage) -> None:
    """Wait until what can wait is told together."""
    await stage.wait(days=1)


async def pass_release(stage: Stage) -> None:
    """Wait until figures below the whole company are released again."""
    await stage.wait(days=27)


async def read(stage: Stage) -> None:
    """Look at what one has, as authors do all the time."""
    for path in ("/me", "/me/points", "/me/notifications", "/ideas?mine=true", "/me/segment", "/me/prizes"):
        await stage.act(stage.author, "GET", path)
    for idea_id in get_own(stage):
        await stage.act(stage.author, "GET", f"/ideas/{idea_id}")
    await stage.act(stage.author, "PUT", "/me/notifications/read")


SCRIPT: tuple[Act, ...] = (
    submit,
    edit,
    be_voted_for,
    be_joined,
    comment,
    credit,
    be_helped,
    answer,
    be_asked_for,
    be_restricted,
    be_late,
    be_selected,
    win,
    be_declined,
    be_reported,
    withdraw,
    read,
)
"""What is done, each act followed by a walk through everything that others can get."""
