"""Growth from ten thousand ideas to the scale of the run, or to a million: a small company on the same server."""

import asyncio

from bench import growth, searching
from bench.dataset import build
from bench.figures import Figures
from bench.scales import SCALES
from tests.support import postgres

SMALL, LARGE = "10k", "1m"


async def add(figures: Figures, url: str, *, scale: str, built: str = "") -> None:
    """Add how many pages each request touches, small and large, and how long searches take, to the figures.

    Where a million ideas were `built` before (it takes longer than everything else), those are the large ones.
    """
    server, _, _ = url.rpartition("/")
    await asyncio.to_thread(postgres.create_database, url, SMALL)
    await build(f"{server}/{SMALL}", SCALES[SMALL])
    scale, url = (LARGE, built) if built else (scale, url)
    found = await growth.measure({SMALL: f"{server}/{SMALL}", scale: url})
    touched = growth.write_table(found).splitlines()
    figures.tables["Growth: pages of the database that a request touches"] = touched
    ratios = [row["ratio"] for row in found["rows"] if row["ratio"] is not None]
    sought = await searching.measure({scale: url})
    figures.tables[f"Searches at {scale}"] = searching.write_table(sought).splitlines()
    if ratios:
        figures.note("growth", [max(ratios)])
    figures.note("growth.pages", [max(row["most_pages"] for row in found["rows"])])
