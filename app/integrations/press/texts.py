"""CSV as RFC 4180 has it: UTF-8 without a mark, comma, quotes, a carriage return and a line feed behind each row."""

from typing import BinaryIO

from app.integrations.press import lines
from app.integrations.press.gauges import Gauge
from app.integrations.press.orders import Order, Outcome
from app.integrations.press.pouring import Pour

END = "\r\n"


def write(order: Order, target: BinaryIO, pour: Pour | None) -> Outcome:
    """Write the file of an order; `pour` is where its lines come from, None for rows that are given."""
    gauge = Gauge(target)
    header = ",".join(f'"{name}"' for name, _ in order.columns) + END
    kinds = [kind for _, kind in order.columns]
    if pour is None or order.statement is None:
        gauge.write(header.encode())
        for row in order.rows:
            gauge.rows += 1
            gauge.write((lines.write_line(row, kinds, guarded=True) + END).encode())
    else:

        def take(piece: bytes, rows: int) -> None:
            # Only now, so that a database that is away leaves nothing of a file behind.
            if not gauge.size:
                gauge.write(header.encode())
            gauge.rows += rows
            gauge.write(piece)

        pour(order.database, order.statement, order.count, take, ending=END)
        take(b"", 0)
    gauge.flush()
    return Outcome(gauge.rows, gauge.size, gauge.checksum, gauge.checksum)
