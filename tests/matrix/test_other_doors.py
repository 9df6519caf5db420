"""Other doors: with every role at once, nobody close to an author hinders the idea, and nobody reaches a draft."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.roles import Role
from app.models.ideas import Idea
from tests.matrix import requests, stage
from tests.matrix.house import House
from tests.matrix.operations import OPERATIONS, Kind
from tests.matrix.people import EVERY_ROLE
from tests.matrix.policy import ACTS, AUTHORS, BARRED, FREE, SITUATIONS, Act, Hand, Situation, fits
from tests.matrix.requests import TEXT, UNKNOWN
from tests.matrix.test_parent_child import put, strip
from tests.support import world

HINDERING = [act for act in ACTS if act.hand not in (Hand.ANYBODY, Hand.OTHERS)]
"""What changes where an idea stands, what it says, or who writes it."""

LATER = world.START + timedelta(days=1)

UNSEEING = [relation for relation in (*BARRED, *FREE) if relation != "invited"]
"""Who may know nothing of a draft."""


def find_right(act: Act, *, anonymous: bool) -> Situation:
    """Return where an act could be made, so that nothing but the person stands against it."""
    right = (each for each in SITUATIONS if fits(act, "co-author", each) and each.anonymous is anonymous)
    return next(each for each in right if each.stage != "draft" or act.hand is Hand.AUTHORS)


async def ask(house: House, act: Act, relation: str, idea_id: str, into: str = UNKNOWN) -> Any:
    asked = requests.write(act, house.company, unmet=False, into=into)
    places = asked.places | {"idea_id": idea_id, "comment_id": UNKNOWN}
    person = house.company.people[relation]
    return await house.call(person, act.operation, places, json=asked.json, headers=asked.headers)


async def set_scene(house: House, act: Act, *, anonymous: bool) -> tuple[Idea, Idea]:
    await house.wear(EVERY_ROLE)
    async with house.database.writer() as session:
        idea = await stage.put(session, house.company, find_right(act, anonymous=anonymous))
        return idea, await stage.put_elsewhere(session, house.company)


ATTEMPTED = {"register_entries", "register_names"}
"""Where it is written down that somebody close to an author tried."""


@pytest.mark.parametrize("act", HINDERING, ids=lambda act: act.name)
async def test_nobody_close_to_an_author_hinders_an_idea(house: House, act: Act) -> None:
    for anonymous in (False, True):
        idea, into = await set_scene(house, act, anonymous=anonymous)
        async with house.database.reader() as session:
            before = await stage.photograph(session, idea.id), await stage.count_rows(session)
        for relation in BARRED:
            answer = await ask(house, act, relation, idea.id, into.id)
            assert answer.status_code == (404 if idea.stage == "draft" else 403), f"{relation}: {answer.text}"
        async with house.database.reader() as session:
            after = await stage.photograph(session, idea.id), await stage.count_rows(session)
        assert after[0] == before[0]
        assert {*stage.find_changes(before[1], after[1])} <= ATTEMPTED


@pytest.mark.parametrize(
    "act", [act for act in HINDERING if act.hand is not Hand.AUTHORS], ids=lambda act: act.name
)
async def test_an_anonymous_idea_refuses_everybody_alike(house: House, act: Act) -> None:
    """Conflicted or not: a difference would tell the author's line."""
    idea, into = await set_scene(house, act, anonymous=True)
    # Once an author has restricted it, nobody else knows of it.
    asking = () if act.hand is Hand.RESTRICTING else AUTHORS
    relations = [relation for relation in (*asking, *BARRED, *FREE) if relation != "holder"]
    answers = {relation: strip(await ask(house, act, relation, idea.id, into.id)) for relation in relations}
    assert answers["stranger"][0] == 403
    assert not {relation for relation, answer in answers.items() if answer != answers["stranger"]}


@pytest.mark.parametrize("situation", [each for each in SITUATIONS if each.anonymous], ids=str)
async def test_an_anonymous_idea_offers_everybody_the_same(house: House, situation: Situation) -> None:
    await house.wear(EVERY_ROLE)
    idea = await put(house, situation)
    relations = [
        relation for relation in (*BARRED, "peer", "stranger") if relation != "line manager who holds"
    ]
    seen = {
        relation: strip(await house.call(house.company.people[relation], "read_idea", {"idea_id": idea.id}))
        for relation in relations
    }
    assert seen["stranger"][0] == (404 if situation.stage == "draft" else 200)
    assert not {relation for relation, view in seen.items() if view != seen["stranger"]}


@pytest.mark.parametrize(
    "act",
    [act for act in ACTS if not act.operation.endswith("_comment") or act.name == "comment"],
    ids=lambda act: act.name,
)
async def test_a_draft_is_unknown_to_every_role_by_every_operation(house: House, act: Act) -> None:
    await house.wear(EVERY_ROLE)
    idea = await put(house, Situation("draft", anonymous=len(act.name) % 2 == 0))
    async with house.database.reader() as session:
        before = await stage.photograph(session, idea.id), await stage.count_rows(session)
    unknown = strip(await ask(house, act, "stranger", UNKNOWN))
    assert unknown[0] == 404
    for relation in UNSEEING:
        assert strip(await ask(house, act, relation, idea.id)) == unknown, relation
    async with house.database.reader() as session:
        after = await stage.photograph(session, idea.id), await stage.count_rows(session)
    assert after == before


ONES_OWN = {
    (operation, relation)
    for operation in ("read_own_data", "read_own_page")
    for relation in ("stood back", "invited and away", "former co-author")
}
"""Who was an author once finds in the own data that this was so."""


async def test_a_draft_stands_in_no_list(house: House) -> None:
    """Asked of every GET that has no place in its address, by everybody with every role."""
    await house.wear(EVERY_ROLE)
    async with house.database.writer() as session:
        idea = await stage.put(session, house.company, Situation("draft"), at=LATER)
    asked: dict[str, dict[str, Any]] = {"list_similar": {"text": stage.TITLE}, "listen": {"seconds": 0}}
    lists = [
        operation
        for operation, (method, path) in house.operations.items()
        if method == "GET" and "{" not in path and OPERATIONS[operation].kind is not Kind.PUBLIC
    ]
    assert len(lists) > 15
    people = house.company.people
    for relation in UNSEEING:
        for operation in lists:
            answer = await house.call(people[relation], operation, params=asked.get(operation, {}))
            assert answer.status_code == 200, operation
            if (operation, relation) not in ONES_OWN:
                assert idea.id not in answer.text, f"{operation} × {relation}"
        for query in ({"stage": "draft"}, {"mine": True}, {"stage": "draft", "q": stage.TITLE}):
            answer = await house.call(people[relation], "list_ideas", params=query)
            assert "draft" not in {item["stage"] for item in answer.json()["items"]}, f"{query} × {relation}"
    mine = await house.call(people["author"], "list_ideas", params={"mine": True})
    assert idea.id in mine.text


async def test_an_idea_is_never_handed_to_the_line(house: House) -> None:
    """Bob alone answers for a function: what is forwarded to it goes to somebody else."""
    await house.wear("employee")
    company = house.company
    async with house.database.writer() as session:
        legal = await world.make_function(session, "Legal")
        await world.grant(session, company.people["line manager"], Role.CORRESPONDENT, function=legal)
    company.worn = ""
    for situation in (Situation("submitted"), Situation("evaluation", anonymous=True)):
        idea = await put(house, situation)
        answer = await house.call(
            company.people["holder"],
            "decide",
            {"idea_id": idea.id},
            json={"action": "forward", "function": legal.id, "text": TEXT},
        )
        assert answer.status_code == 201, answer.text
        assert answer.json()["holder"]["id"] not in company.barred
        for relation in BARRED:
            refused = await house.call(
                company.people[relation], "decide", {"idea_id": idea.id}, json={"action": "acknowledge"}
            )
            assert refused.status_code == 403


async def test_an_admin_of_the_line_moves_nothing_by_letting_people_go(house: House) -> None:
    """Neither the author's leaving nor the holder's opens the idea to those who were too close to it."""
    company = house.company
    await house.wear("employee")
    async with house.database.writer() as session:
        top = await world.make_employee(session, entity="Company/North")
        boss = await world.make_employee(session, entity="Company/North/Arras", manager=top)
        author = await world.make_employee(session, entity="Company/North/Lens", manager=boss)
        report = await world.make_employee(session, entity="Company/North/Lens", manager=author)
        line, fishing = (top, boss, report), await world.make_function(session, "Fishing")
        for person in line:
            await world.grant(session, person, Role.ADMIN)
            await world.grant(session, person, Role.INNOVATION_MANAGER)
            await world.grant(session, person, Role.CORRESPONDENT, function=fishing)
        for _ in range(2):
            await world.grant(
                session, await world.make_employee(session), Role.CORRESPONDENT, function=fishing
            )
    sent = {"title": "An idea", "problem": "p", "solution": "s", "theme": company.cast.themes["brand"]}
    made = await house.call(author, "submit_idea", json={**sent, "function": fishing.id})
    places, gone = {"idea_id": made.json()["id"]}, [author.id, made.json()["holder"]["id"]]
    assert gone[1] not in {person.id for person in line}
    for leaver in gone:
        answer = await house.call(boss, "deactivate_employee", {"employee_id": leaver})
        assert answer.status_code == 201, answer.text
        shown = (await house.call(top, "read_idea", places)).json()
        assert shown["stage"] == "submitted"
        assert shown["holder"]["id"] not in {person.id for person in line} | {leaver}
        for person in line:
            refused = await house.call(person, "decide", places, json={"action": "decline"})
            assert refused.status_code == 403, refused.text
            assert refused.json()["code"] == "decisions.conflicted"
            scored = await house.call(
                person,
                "fill_scorecard",
                places,
                json={"scores": dict.fromkeys(company.criteria, 1), "text": TEXT},
            )
            assert scored.status_code == 403


async def test_rules_and_roles_of_the_line_leave_a_submitted_idea_alone(house: House) -> None:
    await house.wear(EVERY_ROLE)
    bob, idea = house.company.people["line manager"], await put(house, Situation("evaluation"))
    async with house.database.reader() as session:
        before = await stage.photograph(session, idea.id)
    rule = {"words": [stage.TITLE.lower()], "function": house.company.cast.functions["IT"]}
    added = await house.call(bob, "add_routing_rule", json=rule)
    assert added.status_code == 201
    removed = await house.call(bob, "delete_routing_rule", {"rule_id": added.json()["id"]})
    assert removed.status_code == 204
    own = await house.call(bob, "grant_role", {"employee_id": bob.id}, json={"role": "innovation_manager"})
    assert own.status_code == 403
    async with house.database.reader() as session:
        assert await stage.photograph(session, idea.id) == before
