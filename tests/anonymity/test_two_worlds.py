"""Two worlds in which only the author of the anonymous ideas differs: nobody else can tell one from the other."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.anonymity import script
from tests.anonymity.stage import COLLEAGUES
from tests.anonymity.worlds import CLOSE, LAST, SLICES, Sort, compare
from tests.conftest import Templates

SORTS: Mapping[str, Sort] = {
    "strangers, until figures are released": Sort(),
    "colleagues, after figures were released": Sort(
        pair=COLLEAGUES,
        acts=(script.submit, script.be_voted_for, script.comment, script.answer, script.pass_release),
        slices=2 * SLICES,
        last=4 * LAST,
        always=(*CLOSE, "/stats/", "/leaderboards"),
    ),
}


@pytest.mark.parametrize("sort", SORTS.values(), ids=list(SORTS))
async def test_nothing_that_others_get_differs(
    built: FastAPI, templates: Templates, tmp_path: Path, sort: Sort
) -> None:
    found = await compare(built, templates, tmp_path, sort)
    shown = "\n".join(f"{name}\n     {what}" for name, what in sorted(found.items())[:20])
    assert not found, f"{len(found)} differ:\n{shown}"
