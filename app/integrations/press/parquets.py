"""Parquet, of the database's own CSV: read, typed and packed a batch at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any, BinaryIO

import pyarrow as pa
from pyarrow import csv, parquet

from app.core.sheets import Kind
from app.integrations.press import lines
from app.integrations.press.gauges import Gauge
from app.integrations.press.orders import Order, Outcome
from app.integrations.press.pouring import Pour

_BLOCK = 1 << 20
_TYPES = {
    Kind.TEXT.value: pa.string(),
    Kind.NUMBER.value: pa.float64(),
    Kind.FLAG.value: pa.bool_(),
    Kind.TIME.value: pa.timestamp("ms", tz="UTC"),
    Kind.DAY.value: pa.date32(),
}
_END = "\r\n"


def write(order: Order, target: BinaryIO, pour: Pour | None) -> Outcome:
    """Write the file of an order; `pour` is where its lines come from, None for rows that are given."""
    gauge = _File(target)
    types = {name: _TYPES[kind] for name, kind in order.columns}
    about = {name.encode(): text.encode() for name, text in (*order.notes, *order.meanings)}
    schema = pa.schema(list(types.items()), metadata=about)
    reading = csv.ReadOptions(block_size=_BLOCK, use_threads=False)
    parsing = csv.ParseOptions(newlines_in_values=True)
    converting = csv.ConvertOptions(
        column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
    )
    with (
        _lines(order, pour) as source,
        csv.open_csv(source, reading, parsing, converting) as batches,
        parquet.ParquetWriter(pa.PythonFile(gauge, "w"), schema, compression="zstd") as writer,
    ):
        for batch in batches:
            writer.write_batch(batch)
            gauge.rows += batch.num_rows
    gauge.flush()
    return Outcome(gauge.rows, gauge.size, gauge.checksum, gauge.checksum)


class _File(Gauge):
    """A gauge as pyarrow wants its files: one that can be closed."""

    closed = False

    def close(self) -> None:
        """Leave it open: it is not the writer's."""


@contextmanager
def _lines(order: Order, pour: Pour | None) -> Iterator[BinaryIO]:
    """Give the lines of CSV as a file to read; they are poured beside.

    Raises: whatever the database does.
    """
    reading, writing = os.pipe()
    failed: list[Exception] = []

    def fill() -> None:
        with os.fdopen(writing, "wb", buffering=0) as pipe:
            try:
                _pour(order, pipe, pour)
            except Exception as error:  # noqa: BLE001  handed to the thread that reads
                failed.append(error)

    beside = Thread(target=fill, daemon=True)
    beside.start()
    with os.fdopen(reading, "rb") as source:
        yield source
    beside.join()
    if failed:
        raise failed[0]


def _pour(order: Order, pipe: Any, pour: Pour | None) -> None:
    pipe.write((",".join(name for name, _ in order.columns) + _END).encode())
    if pour is None or order.statement is None:
        kinds = [kind for _, kind in order.columns]
        for row in order.rows:
            pipe.write((lines.write_line(row, kinds, guarded=False) + _END).encode())
        return
    pour(order.database, order.statement, order.count, lambda piece, _: _write_all(pipe, piece), ending=_END)


def _write_all(pipe: Any, piece: bytes) -> None:
    left = memoryview(piece)
    while left:
        left = left[pipe.write(left) :]
