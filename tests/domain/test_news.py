"""The rules of news: its life by the clock, whom it is for, who writes for whom."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain import news
from app.domain.actors import Actor, Grant
from app.domain.news import AlreadyPublished, AlreadyWithdrawn, AudienceNotRight, NewsState, TimeNotRight
from app.domain.permissions import RoleMissing
from app.domain.roles import Role

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass
class Post:
    """A post as the rules see it."""

    audience: str = "everybody"
    entity_id: str | None = None
    function_id: str | None = None
    campaign_id: str | None = None
    publish_at: datetime | None = None
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None


DRAFT = Post()
SCHEDULED = Post(publish_at=NOW + SECOND)
DUE = Post(publish_at=NOW)
TOLD_EARLY = Post(publish_at=NOW + SECOND, published_at=NOW + SECOND)
WITHDRAWN = Post(publish_at=NOW, published_at=NOW, withdrawn_at=NOW)


@pytest.mark.parametrize(
    ("post", "state"),
    [
        (DRAFT, NewsState.DRAFT),
        (SCHEDULED, NewsState.SCHEDULED),
        (DUE, NewsState.PUBLISHED),
        (TOLD_EARLY, NewsState.PUBLISHED),
        (WITHDRAWN, NewsState.WITHDRAWN),
        (replace(DRAFT, withdrawn_at=NOW), NewsState.WITHDRAWN),
    ],
)
def test_a_post_is_published_at_its_moment(post: Post, state: NewsState) -> None:
    assert news.tell_state(post, NOW) is state


@pytest.mark.parametrize(
    ("moment", "right"),
    [
        (None, True),
        (NOW + SECOND, True),
        (NOW + timedelta(days=366), True),
        (NOW + timedelta(days=367), False),
        (NOW, False),
        (NOW - SECOND, False),
        (datetime.max.replace(tzinfo=UTC), False),
    ],
)
def test_a_moment_is_to_come(moment: datetime | None, *, right: bool) -> None:
    if right:
        news.check_time(moment, NOW)
    else:
        with pytest.raises(TimeNotRight):
            news.check_time(moment, NOW)


@pytest.mark.parametrize(
    ("post", "at"),
    [
        (Post(), None),
        (Post("entity", entity_id="e"), None),
        (Post("function", function_id="f"), None),
        (Post("campaign", campaign_id="c"), None),
        (Post(entity_id="e"), "/entity"),
        (Post("entity"), "/entity"),
        (Post("function", entity_id="e"), "/entity"),
        (Post("campaign", function_id="f", campaign_id="c"), "/function"),
        (Post("campaign"), "/campaign"),
    ],
)
def test_an_audience_names_what_it_needs_and_nothing_else(post: Post, at: str | None) -> None:
    if at is None:
        news.check_audience(post)
        return
    with pytest.raises(AudienceNotRight) as refused:
        news.check_audience(post)
    assert [problem.pointer for problem in refused.value.errors] == [at]


def test_of_what_is_published_the_words_change_alone() -> None:
    news.check_may_change(DUE, {"title", "body"}, NOW)
    news.check_may_change(SCHEDULED, {"publish_at", "audience", "entity_id"}, NOW)
    for changed in ({"publish_at"}, {"audience"}, {"title", "function_id"}):
        for post in (DUE, TOLD_EARLY):
            with pytest.raises(AlreadyPublished):
                news.check_may_change(post, changed, NOW)
    with pytest.raises(AlreadyWithdrawn):
        news.check_may_change(WITHDRAWN, {"title"}, NOW)


@pytest.mark.parametrize(
    ("post", "able"),
    [
        (DRAFT, ["edit", "publish", "withdraw"]),
        (SCHEDULED, ["edit", "publish", "withdraw"]),
        (DUE, ["edit", "withdraw"]),
        (WITHDRAWN, []),
    ],
)
def test_abilities_follow_the_state(post: Post, able: list[str]) -> None:
    assert news.list_abilities(post, NOW) == able


OF_ENTITY, OF_FUNCTION = Post("entity", entity_id="below"), Post("function", function_id="f")
OF_CAMPAIGN = Post("campaign", campaign_id="c")


@pytest.mark.parametrize(
    ("grant", "writes_for"),
    [
        (Grant(Role.COMMUNITY_MANAGER), [DRAFT, OF_ENTITY, OF_FUNCTION, OF_CAMPAIGN]),
        (Grant(Role.COMMUNITY_MANAGER, entity_id="top"), [OF_ENTITY]),
        (Grant(Role.COMMUNITY_MANAGER, function_id="f"), [OF_FUNCTION]),
        (Grant(Role.COMMUNITY_MANAGER, function_id="g"), []),
        (Grant(Role.COMMUNITY_MANAGER, campaign_id="c"), [OF_CAMPAIGN]),
        (Grant(Role.INNOVATION_MANAGER), []),
        (Grant(Role.CORRESPONDENT, function_id="f"), []),
    ],
)
def test_a_role_writes_for_what_it_was_given_for(grant: Grant, writes_for: list[Post]) -> None:
    actor = Actor("a", grants=(grant,))
    for post in (DRAFT, OF_ENTITY, OF_FUNCTION, OF_CAMPAIGN):
        if post in writes_for:
            news.check_manages(actor, post, {"top", "below"})
        else:
            with pytest.raises(RoleMissing):
                news.check_manages(actor, post, {"top", "below"})
