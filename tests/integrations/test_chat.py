"""In chats a letter is text: no mention rings, no markup is read, no link goes elsewhere."""

import json
from typing import Any

import pytest

from app.integrations import chat
from app.integrations.letters import Item
from app.integrations.posts import Refused, Unreachable
from tests.support.letters import PAGE, Answer, Outside, make_item, make_outgoing, write_letter

HOOK = "https://hooks.chat.example/services/T0/B0/x"
NASTY = "<!channel> *bold* [here](https://evil.example) <https://evil.example|here> & `code`"


def find_all(node: Any, key: str) -> list[Any]:
    """Return every value of a key, however deep."""
    if isinstance(node, list):
        return [value for each in node for value in find_all(each, key)]
    if not isinstance(node, dict):
        return []
    return [
        value
        for name, each in node.items()
        for value in ([each] if name == key else []) + find_all(each, key)
    ]


@pytest.mark.parametrize("write", [chat.write_slack, chat.write_teams])
async def test_a_message_is_sent_as_the_chat_wants_it(write: Any) -> None:
    outside = Outside(Answer(202))
    message = make_outgoing(HOOK)
    await chat.ChatPost("slack", write, call=outside).send(message)
    [(url, body, headers)] = outside.asked
    assert url == HOOK
    assert headers["content-type"].startswith("application/json")
    said = json.dumps(json.loads(body), ensure_ascii=False)
    assert message.letter.lines[0].text in said
    assert PAGE in said


def test_slack_sees_plain_text() -> None:
    letter = write_letter(make_item(title=NASTY), locale="en")
    body = chat.write_slack(letter)
    section, context = body["blocks"]
    assert section["text"]["type"] == "plain_text"
    assert NASTY in section["text"]["text"]
    assert context["elements"][0]["text"] == f"<{PAGE}|Read the comment>"
    # What stands in for the blocks is read for markup.
    assert not set("<>") & set(body["text"])
    assert "&lt;!channel&gt;" in body["text"]


def test_teams_sees_runs_of_text_without_markup() -> None:
    letter = write_letter(make_item(title=NASTY), locale="en")
    [attachment] = chat.write_teams(letter)["attachments"]
    card = attachment["content"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert {run["type"] for runs in find_all(card, "inlines") for run in runs} == {"TextRun"}
    assert find_all(card, "url") == [PAGE]


@pytest.mark.parametrize("write", [chat.write_slack, chat.write_teams])
def test_a_long_digest_stays_within_what_chats_take(write: Any) -> None:
    items = [Item("comments.written", {"title": "é" * 250}, f"{PAGE}/{number}") for number in range(200)]
    body = write(write_letter(*items))
    assert len(json.dumps(body, ensure_ascii=False).encode()) < 28_000
    assert len(body.get("blocks", [])) <= 50
    for text in find_all(body.get("blocks", []), "text"):
        assert not isinstance(text, str) or len(text) <= 3000


def test_a_digest_has_its_subject_as_a_heading() -> None:
    letter = write_letter(make_item(), make_item("ideas.acknowledged"))
    slack, teams = chat.write_slack(letter), chat.write_teams(letter)
    assert slack["blocks"][0]["type"] == "header"
    assert letter.subject in find_all(slack["blocks"][0], "text")
    assert find_all(teams, "body")[0][0]["inlines"][0]["text"] == letter.subject


@pytest.mark.parametrize(
    ("answer", "error"),
    [(Answer(404), Refused), (Answer(403), Refused), (Answer(302), Refused), (Answer(500), Unreachable)],
)
async def test_answers_are_understood(answer: Answer, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"teams\.status"):
        await chat.ChatPost("teams", chat.write_teams, call=Outside(answer)).send(make_outgoing(HOOK))
