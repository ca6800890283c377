"""Parts (a) and (b): bare Temporal and the engine, each alone, 32 at once, and eight replies of one at once."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bench.cases import BareCase, Case, EngineCase
from bench.crowd import Tell, silent
from bench.figures import Flow
from bench.flow import MakeCase, Run, Settle, measure, quiet_reply
from bench.ledgers import entered, until
from bench.shapes import Shape, Sizes
from bench.stand import Stand
from bench.world import consultation

# By the prefix of the consultations' ids.
SettleOf = Callable[[str], Settle]


async def bare_flows(stand: Stand, sizes: Sizes, tell: Tell) -> list[Flow]:
    """Temporal alone, in every shape."""

    async def nothing(_: int) -> Mapping[str, datetime]:
        return {}

    flows = await _flows(stand, sizes, lambda id: BareCase(stand.client, id), "bare", lambda _: nothing, tell)
    return [flow.model_copy(update={"database": None}) for flow in flows]


async def engine_flows(stand: Stand, sizes: Sizes, tell: Tell) -> list[Flow]:
    """Gateway, worker and register, in every shape."""
    return await _flows(stand, sizes, lambda id: engine_case(stand, id), "engine", lambda p: recorded(stand, p), tell)


def engine_case(stand: Stand, id: str) -> Case:
    """A consultation through the stand's gateway."""
    return EngineCase(stand.gateway, consultation(id))


def recorded(stand: Stand, prefix: str) -> Settle:
    """Wait until all those consultations are closed in the register; then when each reply was entered."""

    async def settle(count: int) -> Mapping[str, datetime]:
        await until(stand.database, "closed", prefix, count)
        return await entered(stand.database, "replied", prefix)

    return settle


async def _flows(stand: Stand, sizes: Sizes, make: MakeCase, name: str, settle: SettleOf, tell: Tell) -> list[Flow]:
    alone = await warmed(stand, sizes, make, name)
    return [
        await measure(stand, make, shape, f"{name}-{shape.name}", alone, settle(f"{name}-{shape.name}-"), tell)
        for shape in sizes.shapes
    ]


async def warmed(stand: Stand, sizes: Sizes, make: MakeCase, name: str) -> int:
    """Consultations nobody measures, so that first times are paid for; then the events of one in the quiet."""
    warming = Shape(name="warm-up", consultations=sizes.warm_up, at_once=sizes.warm_up)
    await Run(make, warming, f"{name}-warm", silent).go()
    return await quiet_reply(stand, make(f"{name}-quiet"))
