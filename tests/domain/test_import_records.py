"""Placeholders: whoever has a name at a source has the same one each time."""

from app.domain.import_records import MAX_EXTERNAL_ID, name_placeholder


def test_a_placeholder_is_known_by_its_source_and_name() -> None:
    assert name_placeholder("old box", "Ana") == "import:old box:Ana"
    assert len({name_placeholder(source, name) for source in ("a", "b") for name in ("Ana", "Bea")}) == 4


def test_long_names_fit_and_stay_apart() -> None:
    room = MAX_EXTERNAL_ID - len("import:box:")
    fits, one, other = "x" * room, "x" * (room + 1), "x" * room + "é"
    assert name_placeholder("box", fits) == f"import:box:{fits}"
    long = [name_placeholder("box", name) for name in (one, other)]
    assert all(name.startswith("import:box:") and len(name) <= MAX_EXTERNAL_ID for name in long)
    assert len({*long, name_placeholder("box", fits)}) == 3
    assert long == [name_placeholder("box", name) for name in (one, other)]
