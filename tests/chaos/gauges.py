"""What a process uses: memory now and at its highest, and quantiles of times."""

import statistics
from collections.abc import Sequence
from pathlib import Path

MIB = 1 << 20


def resident(pid: int) -> int:
    """Return the resident memory of a process, in bytes (Linux)."""
    return _read_kib(pid, "VmRSS") << 10


def peak(pid: int) -> int:
    """Return the highest resident memory since the start or the last `reset_peak`, in bytes (Linux)."""
    return _read_kib(pid, "VmHWM") << 10


def reset_peak(pid: int) -> None:
    """Begin a new peak (proc(5), clear_refs)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies; at least two values."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def _read_kib(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise ProcessLookupError(pid)
