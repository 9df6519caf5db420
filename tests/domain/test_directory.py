"""The import of employees: what a file would do, what it may not, and that it does it once."""

import time
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import directory
from app.domain.directory_records import (
    TOP,
    BadRow,
    DirectorySnapshot,
    Doubt,
    Grant,
    GrantChange,
    ImportPlan,
    ManagerChange,
    NewPerson,
    Person,
    Update,
)
from app.domain.directory_rows import OPTIONAL, REQUIRED
from app.domain.roles import Role

COLUMNS = (*REQUIRED, *OPTIONAL)
DEFAULTS = {
    "name": "Ana",
    "entity": "Company",
    "manager_external_id": "",
    "functions": "",
    "roles": "",
    "locale": "fr",
}
ADMIN = Grant(Role.ADMIN)
NOTHING = DirectorySnapshot()


def row(external_id: str, **cells: str) -> dict[str, str]:
    return {
        "external_id": external_id,
        "email": f"{external_id or 'x'}@company.fr",
        **DEFAULTS,
        "active": "",
        **cells,
    }


def plan(
    *rows: dict[str, str], current: DirectorySnapshot = NOTHING, full: bool = False, skip_bad: bool = False
) -> ImportPlan:
    done = directory.plan_import(enumerate(rows, 2), current, full=full, skip_bad=skip_bad)
    told: list[BadRow | Doubt] = [*done.bad, *done.warnings]
    for said in told:
        assert said.column in {*COLUMNS, ""}
        assert said.code.startswith("directory.")
        assert said.detail.endswith((".", "?")), "whoever reads it gets a sentence"
    return done


def person(external_id: str | None, *, id: str = "", **values: object) -> Person:  # noqa: A002
    known = {
        "email": f"{external_id or id}@company.fr",
        "name": "Ana",
        "entity": "Company",
        "manager_certain": "manager_id" not in values,
        "locale": "fr",
        **values,
    }
    return Person(id or f"id-{external_id}", external_id, **known)  # type: ignore[arg-type]


def snapshot(*people: Person, functions: tuple[str, ...] = ()) -> DirectorySnapshot:
    entities = sorted({people.entity for people in people if people.entity})
    return DirectorySnapshot(people, tuple(entities), functions)


def apply(current: DirectorySnapshot, done: ImportPlan) -> DirectorySnapshot:
    """Do what the plan says, the way a database would: every reference must be there."""
    entities = list(current.entities)
    for path in done.entities:
        assert path not in entities
        assert "/" not in path or path.rpartition("/")[0] in entities
        entities.append(path)
    functions = [*current.functions, *done.functions]
    assert len(set(functions)) == len(functions)
    people = {person.external_id or f"\0{person.id}": person for person in current.people}
    for new in done.created:
        assert new.external_id not in people
        people[new.external_id] = Person(
            f"id-{new.external_id}",
            new.external_id,
            new.email,
            new.name,
            new.entity,
            locale=new.locale,
            active=new.active,
        )
    for update in done.updated:
        fields = ("email", "name", "entity", "locale")
        changes = {name: getattr(update, name) for name in fields if getattr(update, name) is not None}
        assert changes
        people[update.external_id] = replace(people[update.external_id], **changes)
    for active, external_ids in ((False, done.deactivated), (True, done.reactivated)):
        for external_id in external_ids:
            assert people[external_id].active is not active
            people[external_id] = replace(people[external_id], active=active)
    for link in done.managers:
        manager_id = people[link.manager].id if link.manager != TOP else None
        people[link.external_id] = replace(
            people[link.external_id], manager_id=manager_id, manager_certain=True
        )
    for change in done.granted:
        here = people[change.external_id]
        assert change.grant not in here.granted | here.granted_otherwise
        assert change.grant.function is None or change.grant.function in functions
        people[change.external_id] = replace(here, granted=here.granted | {change.grant})
    for change in done.ended:
        here = people[change.external_id]
        assert change.grant in here.granted
        people[change.external_id] = replace(here, granted=here.granted - {change.grant})
    assert all(person.entity in entities for person in people.values() if person.entity)
    return DirectorySnapshot(tuple(people.values()), tuple(entities), tuple(functions), current.locales)


def find_cyclic(current: DirectorySnapshot) -> set[str]:
    """Return everybody who stands above themselves."""
    above = {person.id: person.manager_id for person in current.people}
    cyclic = set()
    for start, manager_id in above.items():
        here, steps = manager_id, 0
        while here is not None and here != start and steps < len(above):
            here, steps = above[here], steps + 1
        if here == start:
            cyclic.add(start)
    return cyclic


def codes(done: ImportPlan) -> set[tuple[int, str, str]]:
    return {(bad.line, bad.column, bad.code.removeprefix("directory.")) for bad in done.bad}


# What a good file does


def test_a_first_file_makes_everything_parents_first() -> None:
    done = plan(
        row(
            "e1",
            entity="Company/Sales/Lyon",
            manager_external_id="e2",
            functions="Finance;IT",
            locale="en_gb",
        ),
        row(
            "e2",
            name=" Zoe\u0301  Ô ",
            email=" ZOE@X.FR ",
            entity="company/SALES",
            roles="HR; innovation manager|admin",
        ),
    )
    assert not done.bad
    assert not done.warnings
    assert done.entities == ("Company", "Company/Sales", "Company/Sales/Lyon")
    assert done.functions == ("Finance", "IT")
    assert done.created == (
        NewPerson("e1", "e1@company.fr", "Ana", "Company/Sales/Lyon", "en-GB", active=True),
        NewPerson("e2", "zoe@x.fr", "Zoé Ô", "Company/Sales", "fr", active=True),
    )
    assert done.managers == (ManagerChange("e1", "e2"), ManagerChange("e2", TOP))
    assert {(change.external_id, change.grant) for change in done.granted} == {
        ("e1", Grant(Role.CORRESPONDENT, "Finance")),
        ("e1", Grant(Role.CORRESPONDENT, "IT")),
        ("e2", Grant(Role.HR)),
        ("e2", Grant(Role.INNOVATION_MANAGER)),
        ("e2", ADMIN),
    }


def test_only_what_differs_is_changed() -> None:
    current = snapshot(person("e1"), person("e2", name="Old", manager_id="id-e1", locale="en"))
    done = plan(row("e1"), row("e2", email="New@Company.fr", entity="Company/IT"), current=current)
    assert done.updated == (
        Update("e2", email="new@company.fr", name="Ana", entity="Company/IT", locale="fr"),
    )
    assert done.managers == (ManagerChange("e2", TOP),)
    assert done.unchanged == 1
    assert not done.is_empty


def test_an_empty_manager_makes_certain_what_was_unknown() -> None:
    unknown = person("e1", manager_id=None)
    assert plan(row("e1"), current=snapshot(unknown)).managers == (ManagerChange("e1", TOP),)
    assert plan(row("e1"), current=snapshot(person("e1"))).is_empty


def test_columns_that_are_not_there_change_nothing() -> None:
    held = frozenset({Grant(Role.HR), Grant(Role.CORRESPONDENT, "IT")})
    current = snapshot(person("e1", granted=held, locale="en"), functions=("IT",))
    few = {name: cell for name, cell in row("e1").items() if name in REQUIRED}
    assert plan(few, current=current).is_empty
    assert plan(few | {"locale": ""}, current=current).is_empty


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"roles": "", "functions": ""}, set()),
        ({"roles": "hr"}, {Grant(Role.HR)}),
        ({"roles": "hr;employee;HR"}, {Grant(Role.HR)}),
        ({"roles": "correspondent"}, {Grant(Role.CORRESPONDENT, "IT")}),
        ({"functions": ""}, {Grant(Role.SPONSOR)}),
        (
            {"functions": "it;Law"},
            {Grant(Role.SPONSOR), Grant(Role.CORRESPONDENT, "IT"), Grant(Role.CORRESPONDENT, "Law")},
        ),
        (
            {"roles": "hr,admin", "functions": "Law"},
            {Grant(Role.HR), ADMIN, Grant(Role.CORRESPONDENT, "Law")},
        ),
    ],
)
def test_the_file_is_the_truth_for_the_columns_that_it_has(
    cells: dict[str, str], expected: set[Grant]
) -> None:
    manual = Grant(Role.FACILITATOR)
    held = frozenset({Grant(Role.SPONSOR), Grant(Role.CORRESPONDENT, "IT")})
    current = snapshot(person("e1", granted=held, granted_otherwise=frozenset({manual})), functions=("IT",))
    few = {name: cell for name, cell in row("e1").items() if name in REQUIRED}
    done = apply(current, plan(few | cells, current=current))
    assert done.by_external_id["e1"].granted == expected
    assert done.by_external_id["e1"].granted_otherwise == {manual}


def test_a_grant_that_is_held_otherwise_is_not_given_twice() -> None:
    current = snapshot(person("e1", granted_otherwise=frozenset({ADMIN})))
    assert plan(row("e1", roles="admin"), current=current).is_empty
    assert plan(row("e1"), current=current).is_empty


@pytest.mark.parametrize("word", ["false", "0", "no", "non", "faux", " FALSE ", "Non"])
def test_a_row_may_deactivate(word: str) -> None:
    assert plan(row("e1", active=word), current=snapshot(person("e1"))).deactivated == ("e1",)


@pytest.mark.parametrize("word", ["", "true", "1", "yes", "oui", "vrai", "VRAI"])
def test_a_row_reactivates(word: str) -> None:
    assert plan(row("e1", active=word), current=snapshot(person("e1", active=False))).reactivated == ("e1",)


def test_people_may_exchange_addresses() -> None:
    current = snapshot(person("e1"), person("e2"))
    done = plan(row("e1", email="e2@company.fr"), row("e2", email="e1@company.fr"), current=current)
    assert done.bad == ()
    assert {update.email for update in done.updated} == {"e1@company.fr", "e2@company.fr"}


def test_spellings_of_one_name_are_one_entity_and_one_function() -> None:
    current = DirectorySnapshot(entities=("Company", "Company/R&D"), functions=("Qualité",))
    done = plan(
        row("e1", entity="COMPANY/r&d/Lab", functions="QUALITE\u0301"),
        row("e2", entity="company/R&D/LAB", functions="\uff31ualité;Law"),
        row("e3", functions="LAW"),
        current=current,
    )
    assert done.entities == ("Company/R&D/Lab",)
    assert done.functions == ("Law",)
    assert {new.entity for new in done.created} == {"Company/R&D/Lab", "Company"}
    assert {change.grant.function for change in done.granted} == {"Qualité", "Law"}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Finance;IT", {"Finance", "IT"}),
        ("Finance| IT ", {"Finance", "IT"}),
        ("Finance, IT", {"Finance", "IT"}),
        ("Achats, logistique", {"Achats, logistique"}),
        ("Achats, logistique;IT", {"Achats, logistique", "IT"}),
        ("Law, order;", {"Law, order"}),
        ("; ;", set()),
    ],
)
def test_commas_part_functions_where_that_is_clear(cell: str, expected: set[str]) -> None:
    current = DirectorySnapshot(functions=("IT", "Finance", "Achats, logistique"))
    done = plan(row("e1", functions=cell), current=current)
    assert {change.grant.function for change in done.granted} == expected


def test_what_the_file_names_beyond_doubt_makes_commas_clear() -> None:
    done = plan(row("e1", functions="IT,Law"), row("e2", functions="IT;Law"))
    assert done.bad == ()
    assert done.functions == ("IT", "Law")


def test_a_slash_of_full_width_parts_no_levels() -> None:
    done = plan(row("e1", entity="A/B/C"), row("e2", entity="A/B\uff0fC"), row("e3", entity="a/b\uff0fc"))
    assert done.entities == ("A", "A/B", "A/B/C", "A/B\uff0fC")
    assert [new.entity for new in done.created] == ["A/B/C", "A/B\uff0fC", "A/B\uff0fC"]


# What a row can't be

BAD_CELLS = [
    ({"external_id": ""}, "external_id", "empty"),
    ({"external_id": "e\u200b1"}, "external_id", "hidden-characters"),
    ({"external_id": "e" * 201}, "external_id", "too-long"),
    ({"email": ""}, "email", "bad-email"),
    ({"email": "ana"}, "email", "bad-email"),
    ({"email": "ana@company"}, "email", "bad-email"),
    ({"email": "a@b@company.fr"}, "email", "bad-email"),
    ({"email": "a b@company.fr"}, "email", "bad-email"),
    ({"email": "ana@company..fr"}, "email", "bad-email"),
    ({"email": "ana@-company.fr"}, "email", "bad-email"),
    ({"email": "ana@company.12"}, "email", "bad-email"),
    ({"email": "Ana <ana@company.fr>"}, "email", "bad-email"),
    ({"email": "\u0430na@company.fr"}, "email", "bad-email"),
    ({"email": "ana\n@company.fr"}, "email", "bad-email"),
    ({"email": "ana@" + "c" * 250 + ".fr"}, "email", "too-long"),
    ({"name": ""}, "name", "empty"),
    ({"name": " \u00a0 "}, "name", "empty"),
    ({"name": "--"}, "name", "empty"),
    ({"name": "\u200b"}, "name", "hidden-characters"),
    ({"name": "\u3164"}, "name", "hidden-characters"),
    ({"name": "Ana\u202egro.live"}, "name", "hidden-characters"),
    ({"name": "Ana\u2066B"}, "name", "hidden-characters"),
    ({"name": "Ana\nB"}, "name", "hidden-characters"),
    ({"name": "Ana\u2028B"}, "name", "hidden-characters"),
    ({"name": "Ana\ufffe"}, "name", "hidden-characters"),
    ({"name": "Ana\ufffd"}, "name", "hidden-characters"),
    ({"name": "Ana\ud800"}, "name", "hidden-characters"),
    ({"name": "An" + "a\u0301\u0301\u0301\u0301\u0301"}, "name", "stacked-marks"),
    ({"name": "\u0410dam"}, "name", "mixed-scripts"),
    ({"name": "a" * 201}, "name", "too-long"),
    ({"entity": ""}, "entity", "empty"),
    ({"entity": "Company//Lyon"}, "entity", "empty"),
    ({"entity": "Company/"}, "entity", "empty"),
    ({"entity": "/".join("abcdefghijklm")}, "entity", "too-deep"),
    ({"entity": "Company/" + "x" * 201}, "entity", "too-long"),
    ({"entity": "/".join(["x" * 199] * 11)}, "entity", "too-long"),
    ({"entity": "Company/\u202eLyon"}, "entity", "hidden-characters"),
    ({"manager_external_id": "e9"}, "manager_external_id", "unknown-manager"),
    ({"manager_external_id": "e1"}, "manager_external_id", "self-manager"),
    ({"roles": "king"}, "roles", "unknown-role"),
    ({"roles": "hr;\u202eadmin"}, "roles", "unknown-role"),
    ({"roles": "correspondent"}, "functions", "correspondent-without-function"),
    ({"functions": "IT,Law"}, "functions", "ambiguous-functions"),
    ({"functions": "x" * 201}, "functions", "too-long"),
    ({"functions": "I\u200bT"}, "functions", "hidden-characters"),
    ({"locale": "klingon"}, "locale", "bad-locale"),
    ({"locale": "fr-FRA"}, "locale", "bad-locale"),
    ({"active": "maybe"}, "active", "bad-active"),
    ({"active": "2"}, "active", "bad-active"),
    ({"": "more"}, "", "unknown-column"),
]


@pytest.mark.parametrize(("cells", "column", "code"), BAD_CELLS)
def test_a_bad_cell_is_named_and_nothing_happens(cells: dict[str, str], column: str, code: str) -> None:
    bad_row = row("e1") | cells
    done = plan(row("e0"), bad_row)
    assert codes(done) == {(3, column, code)}
    assert done.is_empty
    skipped = plan(row("e0"), bad_row, skip_bad=True)
    assert skipped.bad == done.bad
    assert [new.external_id for new in skipped.created] == ["e0"]


def test_the_good_neighbours_of_bad_cells_are_taken() -> None:
    for name in (
        "Renée O'Hara-Ŵu",
        "Nguyễn Thị Ấn",
        "李小龍",
        "\u041e\u043b\u044c\u0433\u0430",
        "Δημήτρης",
        "Ana 🙂",
        "a" * 200,
        "D’Arc 2nd",
    ):
        assert plan(row("e1", name=name)).created[0].name == name
    for email in ("a.b+c@d-e.co.uk", "x@société.fr", "o'hara@x.fr", "\uff41na@company.fr"):
        assert plan(row("e1", email=email)).bad == ()
    assert plan(row("e1", entity="/".join("abcdefghijkl"))).bad == ()


def test_a_locale_may_be_limited_to_those_spoken() -> None:
    current = DirectorySnapshot(locales=frozenset({"fr", "en"}))
    assert codes(plan(row("e1", locale="de"), current=current)) == {(2, "locale", "bad-locale")}
    assert plan(row("e1", locale="EN-us"), current=current).created[0].locale == "en-US"


def test_a_missing_manager_column_leaves_a_new_person_in_doubt() -> None:
    few = row("e1")
    del few["manager_external_id"]
    assert codes(plan(few)) == {(2, "manager_external_id", "no-manager-column")}
    assert plan(few, current=snapshot(person("e1"))).is_empty


# Rows against rows


def test_doubles_all_fall() -> None:
    done = plan(
        row("e1"),
        row("e1", email="other@company.fr"),
        row("e2", email="Twin@company.fr"),
        row("e3", email="\uff54win@COMPANY.fr"),
        row("e4", email="e1@company.fr"),
        row("e5"),
        skip_bad=True,
    )
    assert codes(done) == {
        (2, "external_id", "duplicate-external-id"),
        (3, "external_id", "duplicate-external-id"),
        (2, "email", "duplicate-email"),
        (6, "email", "duplicate-email"),
        (4, "email", "duplicate-email"),
        (5, "email", "duplicate-email"),
    }
    assert [new.external_id for new in done.created] == ["e5"]


def test_an_address_that_is_not_given_up_is_taken() -> None:
    admin = person(None, id="adam", email="Adam@company.fr", operator=True)
    current = snapshot(admin, person("e1", email="one@company.fr"), person("e2"))
    done = plan(
        row("e3", email="adam@company.fr"),
        row("e4", email="one@company.fr"),
        row("e5", email="e2@company.fr"),
        row("e2", email="two@company.fr", locale="klingon"),
        current=current,
        skip_bad=True,
    )
    assert codes(done) == {
        (2, "email", "email-taken"),
        (3, "email", "email-taken"),
        (4, "email", "email-taken"),
        (5, "locale", "bad-locale"),
    }
    assert done.is_empty


def test_who_leans_on_a_bad_row_falls_with_it_only_if_it_must() -> None:
    current = snapshot(person("e1"))
    done = plan(
        row("e1", locale="klingon"),
        row("e2", manager_external_id="e1"),
        row("e3", active="maybe"),
        row("e4", manager_external_id="e3"),
        row("e5", manager_external_id="e4"),
        current=current,
        skip_bad=True,
    )
    assert codes(done) == {
        (2, "locale", "bad-locale"),
        (4, "active", "bad-active"),
        (5, "manager_external_id", "manager-row-bad"),
        (6, "manager_external_id", "manager-row-bad"),
    }
    assert [new.external_id for new in done.created] == ["e2"]
    assert [(doubt.line, doubt.code) for doubt in done.warnings] == [(3, "directory.manager-row-bad")]


def test_a_manager_who_left_before_is_unknown_one_who_leaves_now_is_a_doubt() -> None:
    current = snapshot(person("m1", active=False), person("m2"))
    rows = [row("m2", active="no"), row("e2", manager_external_id="m2")]
    done = plan(*rows, row("e1", manager_external_id="m1"), current=current)
    assert codes(done) == {(4, "manager_external_id", "unknown-manager")}
    done = plan(*rows, current=current)
    assert done.bad == ()
    assert [(doubt.line, doubt.code) for doubt in done.warnings] == [(3, "directory.manager-inactive")]
    assert plan(*rows, current=apply(current, done)).is_empty


def test_why_a_manager_will_not_be_there_is_told_apart() -> None:
    current = snapshot(person("m1", active=False), person("m2"), person("e1"))
    told = set()
    for manager, full in (("m1", False), ("m2", True), ("m3", False)):
        (bad,) = plan(row("e1", manager_external_id=manager), current=current, full=full).bad
        assert repr(manager) in bad.detail
        told.add(bad.detail.replace(manager, ""))
    assert len(told) == 3


def test_what_can_not_be_read_is_no_double_of_what_can_not_be_read() -> None:
    done = plan(row("e1", email="x"), row("e2", email="y"))
    assert codes(done) == {(2, "email", "bad-email"), (3, "email", "bad-email")}
    done = plan(row("\u200b", email="a@company.fr"), row("\u200c", email="b@company.fr"))
    assert codes(done) == {(line, "external_id", "hidden-characters") for line in (2, 3)}


def test_leavers_are_let_go_whoever_their_manager_was() -> None:
    current = snapshot(person("m1", active=False), person("e1", manager_id="id-m1"))
    done = plan(row("e1", active="no", manager_external_id="m1"), current=current)
    assert not done.bad
    assert not done.managers
    assert done.deactivated == ("e1",)
    assert [doubt.code for doubt in done.warnings] == ["directory.unknown-manager"]


def test_a_cycle_is_told_by_its_people() -> None:
    done = plan(
        row("a", manager_external_id="b"),
        row("b", manager_external_id="c"),
        row("c", manager_external_id="a"),
        row("d", manager_external_id="a"),
        row("e"),
        skip_bad=True,
    )
    assert codes(done) == {
        *((line, "manager_external_id", "cycle") for line in (2, 3, 4)),
        (5, "manager_external_id", "manager-row-bad"),
    }
    assert done.bad[0].detail.endswith("a → b → c → a.")
    assert [new.external_id for new in done.created] == ["e"]


def test_a_cycle_may_close_over_people_outside_the_file() -> None:
    current = snapshot(
        person("a", manager_id="id-b"), person("b", manager_id="id-x"), person(None, id="id-x")
    )
    current = replace(
        current, people=(*current.people[:2], replace(current.people[2], manager_id="id-c"), person("c"))
    )
    done = plan(row("c", name="New", manager_external_id="a"), row("d"), current=current, skip_bad=True)
    assert codes(done) == {(2, "manager_external_id", "cycle")}
    assert "(an account outside the directory)" in done.bad[0].detail
    assert done.updated == ()
    assert [new.external_id for new in done.created] == ["d"]


def test_what_falls_keeps_its_old_link_which_may_close_another_cycle() -> None:
    current = snapshot(person("a", manager_id="id-c"), person("b"), person("c"))
    done = plan(
        row("a", manager_external_id="b"),
        row("b", manager_external_id="a"),
        row("c", manager_external_id="a"),
        current=current,
        skip_bad=True,
    )
    assert codes(done) == {(line, "manager_external_id", "cycle") for line in (2, 3, 4)}
    assert done.is_empty


# Full files


def test_in_a_full_file_the_missing_leave() -> None:
    outsiders = (person("op", operator=True), person(None, id="guest"), person("gone", active=False))
    current = snapshot(person("e1"), person("e2"), *outsiders)
    done = plan(row("e1"), current=current, full=True)
    assert done.deactivated == ("e2",)
    assert plan(row("e1"), current=current).deactivated == ()
    assert plan(row("e1"), current=apply(current, done), full=True).is_empty


@pytest.mark.parametrize(
    ("bad_row", "leave"),
    [
        (row("e2", locale="klingon"), ("e3",)),
        (row("e9", email="e2@company.fr"), ("e3",)),
        (row("", email="e2@company.fr"), ("e3",)),
        (row("", email="new@company.fr"), ()),
        (row("\u200b", email="?"), ()),
    ],
)
def test_nobody_leaves_whom_a_bad_row_could_mean(bad_row: dict[str, str], leave: tuple[str, ...]) -> None:
    current = snapshot(person("e1"), person("e2"), person("e3"))
    done = plan(row("e1"), bad_row, current=current, full=True, skip_bad=True)
    assert done.deactivated == leave
    assert [doubt.code for doubt in done.warnings] == ([] if leave else ["directory.leavers-unclear"])


def test_in_a_full_file_a_manager_must_be_in_it() -> None:
    current = snapshot(person("m1"), person("e1", manager_id="id-m1"))
    done = plan(row("e1", manager_external_id="m1"), current=current, full=True)
    assert codes(done) == {(2, "manager_external_id", "unknown-manager")}


def test_many_leavers_are_a_doubt() -> None:
    current = snapshot(*(person(f"e{number}") for number in range(40)))
    done = plan(*(row(f"e{number}") for number in range(29)), current=current, full=True)
    assert len(done.deactivated) == 11
    assert [(doubt.line, doubt.code) for doubt in done.warnings] == [(0, "directory.many-leavers")]


@pytest.mark.parametrize(
    ("people", "leavers", "doubt"),
    [(12, 10, False), (40, 10, False), (40, 11, True), (110, 11, False), (109, 11, True)],
)
def test_ten_leavers_or_one_in_ten_are_not_many(people: int, leavers: int, doubt: bool) -> None:
    current = snapshot(*(person(f"e{number}") for number in range(people)))
    done = plan(*(row(f"e{number}") for number in range(people - leavers)), current=current, full=True)
    assert len(done.deactivated) == leavers
    assert [said.column for said in done.warnings] == (["external_id"] if doubt else [])


def test_each_difference_alone_is_a_change() -> None:
    current = snapshot(person("e1"), person("m1"))
    for cells, change in (
        ({"email": "new@company.fr"}, Update("e1", email="new@company.fr")),
        ({"name": "Bo"}, Update("e1", name="Bo")),
        ({"entity": "Company/IT"}, Update("e1", entity="Company/IT")),
        ({"locale": "en"}, Update("e1", locale="en")),
    ):
        done = plan(row("e1", **cells), row("m1"), current=current)
        assert (done.updated, done.unchanged, done.managers) == ((change,), 1, ())
    done = plan(row("e1", manager_external_id="m1"), row("m1"), current=current)
    assert (done.updated, done.unchanged, done.managers) == ((), 1, (ManagerChange("e1", "m1"),))
    done = plan(row("e1", roles="hr"), row("m1"), current=current)
    assert (done.updated, done.unchanged, done.granted) == ((), 1, (GrantChange("e1", Grant(Role.HR)),))
    assert plan(row("e1"), row("m1"), current=current).unchanged == 2


@pytest.mark.parametrize(
    "part",
    [
        {"entities": ("Company",)},
        {"functions": ("IT",)},
        {"created": (NewPerson("e1", "", "", "", None, active=True),)},
        {"updated": (Update("e1"),)},
        {"deactivated": ("e1",)},
        {"reactivated": ("e1",)},
        {"managers": (ManagerChange("e1", TOP),)},
        {"granted": (GrantChange("e1", ADMIN),)},
        {"ended": (GrantChange("e1", ADMIN),)},
    ],
)
def test_a_plan_with_anything_to_do_is_not_empty(part: dict[str, tuple[object, ...]]) -> None:
    assert ImportPlan().is_empty
    assert ImportPlan(unchanged=3).is_empty
    assert not ImportPlan(**part).is_empty  # type: ignore[arg-type]


@pytest.mark.parametrize("skip_bad", [False, True])
def test_a_full_file_without_rows_is_refused(skip_bad: bool) -> None:
    done = plan(current=snapshot(person("e1")), full=True, skip_bad=skip_bad)
    assert codes(done) == {(0, "external_id", "empty-full-file")}
    assert done.is_empty
    assert plan(current=snapshot(person("e1"))).bad == ()


@pytest.mark.parametrize("cells", [{"roles": "hr"}, {"functions": "IT"}, {"roles": "correspondent"}])
def test_whoever_leaves_has_no_role_whatever_the_row_says(cells: dict[str, str]) -> None:
    current = snapshot(person("e1", granted=frozenset({Grant(Role.CORRESPONDENT, "IT")})), functions=("IT",))
    done = plan(row("e1", active="no", **cells), row("e2", active="no", **cells), current=current)
    assert not done.bad
    assert not done.granted
    assert done.ended == (GrantChange("e1", Grant(Role.CORRESPONDENT, "IT")),)
    assert plan(row("e1", active="no", **cells), current=apply(current, done)).is_empty


def test_nobody_has_the_external_id_of_an_author_of_imported_ideas() -> None:
    assert codes(plan(row("import:box:Ana", email="ana@company.fr"))) == {
        (2, "external_id", "reserved-external-id")
    }
    assert plan(row("e1")).bad == ()


# The last admin


@pytest.mark.parametrize("skip_bad", [False, True])
@pytest.mark.parametrize(
    ("rows", "full", "refused"),
    [
        ([row("a", roles="hr")], False, True),
        ([row("a", roles="admin", active="no")], False, True),
        ([row("e1")], True, True),
        ([row("a", roles="admin")], True, False),
        ([row("a", roles="hr"), row("e1", roles="admin")], False, False),
        ([row("a", roles="hr"), row("e2", roles="admin")], False, False),
        ([row("a", roles="hr"), row("e2", roles="admin", active="no")], False, True),
        ([row("a", roles="hr"), row("gone")], False, False),
        ([row("e1")], False, False),
    ],
)
def test_the_last_admin_stays(rows: list[dict[str, str]], full: bool, refused: bool, skip_bad: bool) -> None:
    current = snapshot(
        person("a", granted=frozenset({ADMIN})),
        person("e1"),
        person("gone", active=False, granted_otherwise=frozenset({ADMIN})),
    )
    done = plan(*rows, current=current, full=full, skip_bad=skip_bad)
    assert codes(done) == ({(0, "roles", "no-admin-left")} if refused else set())
    assert done.is_empty or not refused


def test_another_admin_is_enough_and_none_before_is_no_reason() -> None:
    admin = person("a", granted=frozenset({ADMIN}))
    operator = person(None, id="op", operator=True, granted_otherwise=frozenset({ADMIN}))
    assert plan(row("a", roles=""), current=snapshot(admin, operator)).bad == ()
    assert plan(row("e1"), current=NOTHING).bad == ()


# Any file

external_ids = st.sampled_from([f"e{number}" for number in range(7)])
cells = st.fixed_dictionaries(
    {
        "external_id": st.sampled_from(["", *(f"e{number}" for number in range(7))]),
        "email": st.sampled_from([f"e{number}@company.fr" for number in range(7)] + ["E1@Company.fr", "x"]),
        "name": st.sampled_from(["Ana", "Bo", ""]),
        "entity": st.sampled_from(["Company", "company/IT", "Company/it/Lyon", "Other/"]),
        "manager_external_id": st.sampled_from(["", *(f"e{number}" for number in range(8))]),
    },
    optional={
        "functions": st.sampled_from(["", "IT", "it;Law", "Law,IT", "A,B", "A|B"]),
        "roles": st.sampled_from(["", "admin", "hr;admin", "correspondent", "king"]),
        "locale": st.sampled_from(["", "fr", "en-gb", "klingon"]),
        "active": st.sampled_from(["", "oui", "non", "?"]),
    },
)
good_cells = st.builds(
    lambda number, manager, active, roles: row(
        f"e{number}", manager_external_id=f"e{manager}" if manager < 7 else "", active=active, roles=roles
    ),
    st.integers(0, 6),
    st.integers(0, 7),
    st.sampled_from(["1", "1", "0"]),
    st.sampled_from(["", "admin", "sponsor"]),
)


@st.composite
def companies(draw: st.DrawFn) -> DirectorySnapshot:
    known = draw(st.lists(st.integers(0, 6), unique=True, max_size=7))
    managers = [None, *(f"id-e{number}" for number in known), "id-op"]
    people = [
        person(
            f"e{number}",
            manager_id=draw(st.sampled_from(managers)),
            active=draw(st.booleans()),
            granted=frozenset(
                draw(st.sets(st.sampled_from([ADMIN, Grant(Role.HR), Grant(Role.CORRESPONDENT, "IT")])))
            ),
        )
        for number in known
    ]
    operator = person(None, id="id-op", operator=True, manager_id=draw(st.sampled_from(managers[:-1])))
    return snapshot(*people, operator, functions=("IT",))


def check_outcome(current: DirectorySnapshot, done: ImportPlan, after: DirectorySnapshot) -> None:
    assert find_cyclic(after) <= find_cyclic(current)
    emails = [person.email for person in after.people]
    assert len(set(emails)) == len(emails)
    admins = [
        any(ADMIN in person.granted | person.granted_otherwise for person in world.people if person.active)
        for world in (current, after)
    ]
    assert admins != [True, False]
    assert [person for person in after.people if person.external_id is None] == [
        person for person in current.people if person.external_id is None
    ]


@settings(max_examples=settings().max_examples * 5, deadline=None)
@given(companies(), st.lists(st.one_of(cells, good_cells), max_size=8), st.booleans(), st.booleans())
def test_any_file_is_done_once_and_does_no_harm(
    current: DirectorySnapshot, rows: list[dict[str, str]], full: bool, skip_bad: bool
) -> None:
    done = plan(*rows, current=current, full=full, skip_bad=skip_bad)
    after = apply(current, done)
    check_outcome(current, done, after)
    if done.bad and not skip_bad:
        assert done.is_empty
    again = plan(*rows, current=after, full=full, skip_bad=skip_bad)
    assert again.is_empty
    assert again.bad == done.bad


@settings(max_examples=settings().max_examples * 3, deadline=None)
@given(companies(), st.lists(st.one_of(cells, good_cells), max_size=8))
def test_bad_rows_leave_their_people_as_they_were(
    current: DirectorySnapshot, rows: list[dict[str, str]]
) -> None:
    done = plan(*rows, current=current, skip_bad=True)
    after = apply(current, done)
    for line in {bad.line for bad in done.bad} - {0}:
        external_id = rows[line - 2]["external_id"]
        assert after.by_external_id.get(external_id) == current.by_external_id.get(external_id)


def number_rows(rows: Iterable[dict[str, str]]) -> list[tuple[int, dict[str, str]]]:
    return list(enumerate(rows, 2))


def test_a_line_of_five_thousand_is_planned_in_a_second() -> None:
    rows = number_rows(
        row(f"e{number}", manager_external_id=f"e{number + 1}", name="Zoé É") for number in range(5000)
    )
    rows.append((5002, row("e5000")))
    began = time.process_time()
    done = directory.plan_import(rows, NOTHING, full=True, skip_bad=False)
    took = time.process_time() - began
    assert len(done.created) == 5001
    assert took < 1
    after = apply(NOTHING, done)
    assert directory.plan_import(rows, after, full=True, skip_bad=False).is_empty


def test_a_circle_of_five_thousand_is_found() -> None:
    rows = number_rows(
        row(f"e{number}", manager_external_id=f"e{(number + 1) % 5000}") for number in range(5000)
    )
    done = directory.plan_import(rows, NOTHING, full=False, skip_bad=True)
    assert len(done.bad) == 5000
    assert done.is_empty
