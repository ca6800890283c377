"""What replies cost when the register holds years of asks already: the same load over ever more rows."""

from bench.crowd import Tell
from bench.figures import Filled
from bench.filling import fill
from bench.flow import measure
from bench.flows import engine_case, recorded, warmed
from bench.shapes import Sizes
from bench.stand import Stand


async def filled(stand: Stand, sizes: Sizes, tell: Tell) -> list[Filled]:
    """One load for each number of asks, over one register that is filled up between."""
    alone = await warmed(stand, sizes, lambda id: engine_case(stand, id), "filled")
    found: list[Filled] = []
    there = 0
    for asks in sizes.filled:
        took = await fill(stand.database, there, asks, tell)
        there, prefix = max(there, asks), f"filled{asks}"
        settle = recorded(stand, f"{prefix}-")
        shape = sizes.filled_shape
        flow = await measure(stand, lambda id: engine_case(stand, id), shape, prefix, alone, settle, tell)
        found.append(Filled(database=stand.kind, asks=asks, fill_s=took, flow=flow))
    return found
