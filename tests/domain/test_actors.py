"""Actors: which roles somebody has, and for what."""

import pytest

from app.domain.actors import Actor, Grant
from app.domain.roles import Role

SPONSOR = Role.SPONSOR


@pytest.mark.parametrize(
    ("grant", "unscoped"),
    [
        (Grant(SPONSOR), True),
        (Grant(SPONSOR, function_id="finance"), False),
        (Grant(SPONSOR, entity_id="sales"), False),
        (Grant(SPONSOR, campaign_id="spring"), False),
    ],
)
def test_a_grant_without_any_scope_holds_for_all(grant: Grant, unscoped: bool) -> None:
    assert grant.unscoped is unscoped
    assert Actor("somebody", grants=(Grant(Role.HR), grant)).has(SPONSOR)


@pytest.mark.parametrize(
    ("grant", "function", "campaign", "holds"),
    [
        (Grant(SPONSOR), None, None, True),
        (Grant(SPONSOR), "finance", "spring", True),
        (Grant(SPONSOR, function_id="finance"), "finance", None, True),
        (Grant(SPONSOR, function_id="finance"), "finance", "spring", True),
        (Grant(SPONSOR, function_id="finance"), "it", None, False),
        (Grant(SPONSOR, function_id="finance"), None, "finance", False),
        (Grant(SPONSOR, function_id="finance"), None, None, False),
        (Grant(SPONSOR, campaign_id="spring"), None, "spring", True),
        (Grant(SPONSOR, campaign_id="spring"), "finance", "spring", True),
        (Grant(SPONSOR, campaign_id="spring"), None, "autumn", False),
        (Grant(SPONSOR, campaign_id="spring"), "spring", None, False),
        (Grant(SPONSOR, campaign_id="spring"), None, None, False),
        (Grant(SPONSOR, entity_id="sales"), "sales", "sales", False),
        (Grant(Role.HR), "finance", "spring", False),
        (Grant(Role.HR, function_id="finance"), "finance", None, False),
    ],
)
def test_a_role_holds_for_all_or_for_what_it_was_granted_for(
    grant: Grant, function: str | None, campaign: str | None, holds: bool
) -> None:
    actor = Actor("somebody", grants=(grant,))
    assert actor.has_for(SPONSOR, function_id=function, campaign_id=campaign) is holds
    assert not Actor("somebody").has_for(SPONSOR, function_id=function, campaign_id=campaign)


def test_roles_are_named_once_each_after_what_everybody_is() -> None:
    grants = (Grant(SPONSOR, campaign_id="spring"), Grant(Role.HR), Grant(SPONSOR, campaign_id="autumn"))
    assert Actor("somebody", grants=grants).role_names == ["employee", "hr", "sponsor"]
    assert not Actor("somebody", grants=grants).has(Role.ADMIN)
