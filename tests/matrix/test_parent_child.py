"""Parent and child must match: what belongs to something else is unknown here, like what is not there at all."""

import re
from typing import Any

import httpx2
import pytest

from app.domain.roles import Role
from app.models.ideas import Idea
from app.models.roles import RoleGrant
from tests.matrix import requests, stage
from tests.matrix.house import House
from tests.matrix.operations import OPERATIONS, Kind
from tests.matrix.people import EVERY_ROLE
from tests.matrix.policy import ACTS, Situation
from tests.matrix.requests import TEXT, UNKNOWN
from tests.support import world
from tests.support.accounts import give_password, sign_in
from tests.support.client import speaking_as


def strip(answer: httpx2.Response) -> tuple[int, dict[str, Any]]:
    """Return what an answer says, without what tells one request from another."""
    said = answer.json() if answer.content else {}
    said.pop("instance", None)
    return answer.status_code, said


async def put(house: House, situation: Situation) -> Idea:
    async with house.database.writer() as session:
        return await stage.put(session, house.company, situation)


async def list_kinds(house: House) -> dict[str, str]:
    """Return an identifier of each kind of thing."""
    company = house.company
    async with house.database.writer() as session:
        elsewhere = await stage.put_elsewhere(session, company)
        comment = await stage.say(session, elsewhere, company.cast["Max"].id)
        granted = await world.grant(session, await world.make_employee(session), Role.FACILITATOR)
    return {
        "idea": elsewhere.id,
        "comment": comment.id,
        "employee": company.people["peer"].id,
        "grant": granted.id,
        "theme": company.cast.themes["brand"],
        "function": company.cast.functions["IT"],
        "campaign": company.scopes["campaign"]["campaign_id"],
        "criterion": company.criteria[0],
    }


_BODIES = {
    "set_chat_address": requests.Asked(json={"url": "https://chat.example/x"}),
    "set_skills": requests.Asked(json={"skills": ["excel"]}),
    "answer_help_request": requests.Asked(json={"accept": True}),
    "write_help_message": requests.Asked(json={"body": "b"}),
    "set_voting": requests.Asked(json={"tokens": 10, "hidden": True}),
    "erase_employee": requests.Asked(json={"reason": "They asked for it in a letter."}),
    "settle_correction": requests.Asked(json={"answer": "Done."}),
    "report_idea": requests.Asked(json={"reason_code": "spam"}),
    "report_comment": requests.Asked(json={"reason_code": "spam"}),
    "decide_case": requests.Asked(
        json={"action": "hide", "reason_code": "spam", "text": "This is nothing but spam."}
    ),
    "appeal_hiding": requests.Asked(json={"text": "This is about the machine."}),
    "set_restriction_lane": requests.Asked(json={"readers": []}),
    "answer_restriction": requests.Asked(json={"action": "withdraw"}),
    "write_restriction_message": requests.Asked(json={"body": "b"}),
    "set_moderation_words": requests.Asked(json={"words": []}),
    "ask_for_identity": requests.Asked(json={"reason": "r" * 50}),
    "refuse_identity_opening": requests.Asked(json={"text": "t" * 20}),
    "set_capacity": requests.Asked(json={"reviews": 3}),
    "choose_badge_display": requests.Asked(json={"badges": True, "level": True}),
    "set_segment_threshold": requests.Asked(json={"at_least": 3}),
    "set_clock_policy": requests.Asked(json={"days": 5}),
    "set_point_rule": requests.Asked(json={"points": 1, "from": "2030-01-01"}),
    "review_vote_flag": requests.Asked(json={"state": "open"}, headers={"If-Match": "*"}),
    "rename_calendar": requests.Asked(json={"name": "Factory"}),
    "add_closure": requests.Asked(
        json={"name": "Inventory", "first_day": "2026-12-24", "last_day": "2026-12-31"}
    ),
    "set_entity_calendar": requests.Asked(json={"calendar": None}),
    "edit_prize": requests.Asked(json={"name": "A thin book"}),
    "edit_nudge": requests.Asked(json={"title": "Say two words"}, headers={"If-Match": "*"}),
    "edit_news": requests.Asked(json={"title": "Other winners"}, headers={"If-Match": "*"}),
    "propose_award": requests.Asked(json={"employee": UNKNOWN, "reason": "Helpful"}),
    "refuse_award": requests.Asked(json={"text": TEXT}),
    "choose_consent": requests.Asked(json={"shown": True}),
    "edit_campaign": requests.Asked(json={"context": "Drought"}, headers={"If-Match": "*"}),
    "set_correspondents": requests.Asked(json={"employees": []}),
    "write_report": requests.Asked(
        json={
            "learnt": "Water is cheap and heat is not.",
            "ideas": [],
            "others": "They cost more than they bring.",
        }
    ),
    "edit_webhook": requests.Asked(json={"active": False}),
    "change_gathering": requests.Asked(json={"title": "Another title"}, headers={"If-Match": "*"}),
    "cancel_gathering": requests.Asked(json={"reason": "Snow."}),
    "sum_up_gathering": requests.Asked(json={"text": "Well."}),
    "attend_gathering": requests.Asked(json={"code": "AAAAAAAA"}),
    "capture_idea": requests.Asked(
        json={"title": "An idea", "problem": "p", "solution": "s", "theme": UNKNOWN, "authors": [UNKNOWN]}
    ),
}
"""What operations that are not about an idea need to get as far as their address."""


CHOICES = {"what", "file_format"}
"""Parts of addresses that are a word out of a few, no identifier."""


async def test_what_is_of_another_kind_is_unknown_in_an_address(house: House) -> None:
    """Asked by somebody who wears every role."""
    await house.wear(EVERY_ROLE)
    person, kinds = house.company.people["stranger"], await list_kinds(house)
    bodies = {act.operation: requests.write(act, house.company, unmet=False) for act in ACTS} | _BODIES
    wrong = []
    for operation, (_, path) in house.operations.items():
        places = re.findall(r"{(\w+)}", path)
        sent = bodies.get(operation, requests.Asked())
        for place in (each for each in places if each not in CHOICES):
            right = place.removesuffix("_id")
            known = (
                {"employee_id": kinds["employee"], "idea_id": kinds["idea"]} if place == places[-1] else {}
            )
            body = sent.json or {"role": "hr"} if operation != "issue_link" else {}
            answers = [
                strip(
                    await house.call(
                        person,
                        operation,
                        dict.fromkeys(places, UNKNOWN) | known | {place: thing},
                        json=body,
                        headers=sent.headers,
                        params={"ticket": "t"} if operation == "download_export" else {},
                    )
                )
                for thing in [UNKNOWN, *(thing for kind, thing in kinds.items() if kind != right)]
            ]
            if answers[0][0] != 404 and operation != "end_authorship":
                wrong.append(f"{operation} {place}: {answers[0]}")
            wrong += [
                f"{operation} {place}: {each}, not {answers[0]}" for each in answers if each != answers[0]
            ]
    assert not wrong, "\n".join(wrong[:8])


@pytest.mark.parametrize(
    ("operation", "field", "right", "body"),
    [
        ("submit_idea", "theme", "theme", {"title": "Title", "problem": "p", "solution": "s"}),
        ("submit_idea", "function", "function", {"title": "Title", "problem": "p", "solution": "s"}),
        ("submit_idea", "campaign", "campaign", {"title": "Title", "problem": "p", "solution": "s"}),
        ("edit_idea", "theme", "theme", {}),
        ("decide", "function", "function", {"action": "forward", "text": TEXT}),
        ("move_idea", "owner", "employee", {"to": "project", "estimate": requests.MONEY}),
        ("merge", "into", "idea", {}),
        ("write_comment", "reply_to", "comment", {"body": "b"}),
        ("invite_author", "employee", "employee", {}),
        ("grant_role", "function", "function", {"role": "correspondent"}),
        ("grant_role", "campaign", "campaign", {"role": "sponsor"}),
        ("grant_role", "entity", "entity", {"role": "hr"}),
        ("add_routing_rule", "function", "function", {"words": ["mot"]}),
        ("add_routing_rule", "theme", "theme", {}),
    ],
)
async def test_what_is_of_another_kind_is_unknown_in_a_body(
    house: House, operation: str, field: str, right: str, body: dict[str, Any]
) -> None:
    await house.wear(EVERY_ROLE)
    kinds = await list_kinds(house)
    if operation in ("submit_idea", "add_routing_rule"):
        body = {"theme" if operation == "submit_idea" else "function": kinds["theme"], **body}
        body |= {"function": kinds["function"]} if operation == "add_routing_rule" else {}
    selected = operation == "move_idea"
    idea = await put(house, Situation("selected" if selected else "evaluation"))
    author = operation in ("edit_idea", "invite_author")
    person = house.company.people["author" if author else "holder"]
    places = {"idea_id": idea.id, "employee_id": house.company.people["newcomer"].id}
    async with house.database.reader() as session:
        before = await stage.count_rows(session), await stage.photograph(session, idea.id)
    answers = {
        kind: strip(
            await house.call(
                person, operation, places, json={**body, field: thing}, headers={"If-Match": "*"}
            )
        )
        for kind, thing in {"nothing": UNKNOWN, **kinds}.items()
        if kind != right
    }
    async with house.database.reader() as session:
        assert (await stage.count_rows(session), await stage.photograph(session, idea.id)) == before
    assert answers["nothing"][0] == 422
    assert {f"/{field}"} == {error["pointer"] for error in answers["nothing"][1]["errors"]}
    assert not {kind: each for kind, each in answers.items() if each != answers["nothing"]}


@pytest.mark.parametrize("deleted", [False, True])
async def test_a_reply_stays_in_its_discussion(house: House, *, deleted: bool) -> None:
    """A comment of another idea, even of a draft that one may not know of, is like none at all."""
    await house.wear(EVERY_ROLE)
    person, idea = house.company.people["stranger"], await put(house, Situation("evaluation"))
    others = [await put(house, Situation(where)) for where in ("draft", "submitted", "merged")]
    async with house.database.writer() as session:
        comments = [await stage.say(session, other, person.id) for other in others]
        if deleted:
            for comment in comments:
                (await session.merge(comment)).deleted_at = world.START
    answers = [
        strip(
            await house.call(
                person, "write_comment", {"idea_id": idea.id}, json={"body": "b", "reply_to": parent}
            )
        )
        for parent in [UNKNOWN, "not an id", *(comment.id for comment in comments)]
    ]
    assert answers[0][0] == 422
    assert answers[0][1]["code"] == "comments.reply-to-nothing"
    assert answers == [answers[0]] * len(answers)


async def test_nothing_is_merged_into_what_one_may_not_know_of(house: House) -> None:
    await house.wear(EVERY_ROLE)
    person, draft = house.company.people["holder"], await put(house, Situation("draft"))
    idea = await put(house, Situation("evaluation"))
    answers = [
        strip(await house.call(person, "merge", {"idea_id": idea.id}, json={"into": into}))
        for into in (UNKNOWN, draft.id, idea.id)
    ]
    assert answers[0][0] == 422
    assert answers == [answers[0]] * 3


async def test_a_role_is_ended_under_the_name_of_who_holds_it(house: House) -> None:
    async with house.database.writer() as session:
        one, other = await world.make_employee(session), await world.make_employee(session)
        granted = await world.grant(session, one, Role.FACILITATOR)
    adam = house.company.cast["Adam"]
    answers = [
        strip(await house.call(adam, "end_role", {"employee_id": other.id, "grant_id": grant_id}))
        for grant_id in (UNKNOWN, granted.id)
    ]
    assert answers[0][0] == 404
    assert answers[1] == answers[0]
    async with house.database.reader() as session:
        assert (await session.get_one(RoleGrant, granted.id)).ended_at is None
    answer = await house.call(adam, "end_role", {"employee_id": one.id, "grant_id": granted.id})
    assert answer.status_code == 204


async def test_somebody_elses_session_is_unknown(house: House) -> None:
    people = house.company.people
    await give_password(house.app, people["peer"])
    async with speaking_as(house.app, None) as peer:
        await sign_in(peer, people["peer"])
        held = (await peer.get("/auth/sessions"))["items"][0]["id"]
        answers = [
            strip(await house.call(people["stranger"], "revoke_session", {"session_id": session_id}))
            for session_id in (UNKNOWN, held)
        ]
        assert answers[0][0] == 404
        assert answers[1] == answers[0]
        await peer.get("/me")


async def test_only_people_of_the_idea_are_taken_off_it(house: House) -> None:
    """Whoever writes another idea, or none, is not there; nobody is taken off who did not ask for it."""
    idea = await put(house, Situation("evaluation"))
    author, places = house.company.people["author"], {"idea_id": idea.id}
    async with house.database.reader() as session:
        before = await stage.photograph(session, idea.id)
    answers = [
        strip(await house.call(author, "end_authorship", places | {"employee_id": who}))
        for who in (UNKNOWN, house.company.cast["Max"].id, house.company.people["stranger"].id, "nobody")
    ]
    assert answers == [answers[0]] * 4
    answer = await house.call(
        author, "end_authorship", places | {"employee_id": house.company.people["co-author"].id}
    )
    assert answer.status_code == 403
    async with house.database.reader() as session:
        assert await stage.photograph(session, idea.id) == before


async def test_who_is_not_on_an_idea_is_not_found_there(house: House) -> None:
    """The person stands in the address, and what an address names and is not there is not found."""
    idea = await put(house, Situation("evaluation"))
    places = {"idea_id": idea.id, "employee_id": house.company.people["stranger"].id}
    answer = await house.call(house.company.people["author"], "end_authorship", places)
    assert answer.status_code == 404, answer.text


async def test_a_cursor_serves_the_list_that_gave_it(house: House) -> None:
    idea, other = [await put(house, Situation("evaluation")) for _ in range(2)]
    person = house.company.people["stranger"]
    async with house.database.writer() as session:
        for _ in range(2):
            await stage.say(session, idea, person.id)
    first = await house.call(person, "list_comments", {"idea_id": idea.id}, params={"limit": 1})
    cursor = first.json()["next_cursor"]
    assert cursor
    tried = 0
    for operation, (method, path) in house.operations.items():
        described = house.document["paths"][path][method.lower()].get("parameters", [])
        if method != "GET" or "cursor" not in {parameter["name"] for parameter in described}:
            continue
        if OPERATIONS[operation].kind is Kind.IDEA:
            continue
        await house.wear(EVERY_ROLE)
        places = dict.fromkeys(re.findall(r"{(\w+)}", path), UNKNOWN)
        answer = await house.call(person, operation, places, params={"cursor": cursor})
        assert answer.status_code == 422, operation
        tried += 1
    assert tried > 5
    answer = await house.call(person, "list_comments", {"idea_id": other.id}, params={"cursor": cursor})
    assert answer.status_code == 422


async def test_a_key_of_one_request_is_none_for_another(house: House) -> None:
    one, other = [await put(house, Situation("evaluation")) for _ in range(2)]
    person, sent = (
        house.company.people["stranger"],
        {"json": {"body": "b"}, "headers": {"Idempotency-Key": "matrix"}},
    )
    first = await house.call(person, "write_comment", {"idea_id": one.id}, **sent)
    assert first.status_code == 201
    second = await house.call(person, "write_comment", {"idea_id": other.id}, **sent)
    assert second.status_code == 422
    assert second.json()["code"] == "idempotency.key-reused"
    third = await house.call(house.company.people["peer"], "write_comment", {"idea_id": other.id}, **sent)
    assert third.status_code == 201
