"""The end of the press' process: it is told by what was written, not by how its libraries are put away."""

import csv
import io
import subprocess
import sys

import pytest

from app.integrations.press.orders import Order

DYING = (
    "import atexit, os; atexit.register(os.abort); from app.integrations.press import running; running.main()"
)
"""A press in which tidying up would kill the process, as threads of a library may."""


def run(order: Order) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", DYING], input=order.write(), capture_output=True, timeout=60, check=False
    )


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "parquet"])
def test_a_file_that_is_whole_stays_whole_whatever_dies_afterwards(file_format: str) -> None:
    ended = run(Order(file_format, [("n", "number"), ("t", "text")], rows=[[1, "one"], [2, "two"]]))
    assert ended.returncode == 0
    assert b'"done"' in ended.stderr.splitlines()[-1]
    if file_format == "csv":
        assert list(csv.reader(io.StringIO(ended.stdout.decode())))[1:] == [["1", "one"], ["2", "two"]]


def test_a_file_that_fails_says_so_whatever_dies_afterwards() -> None:
    ended = run(Order("csv", [("n", "number")], rows=[["no number", "too many"]]))
    assert ended.returncode == 1
    assert b'"failed"' in ended.stderr.splitlines()[-1]
