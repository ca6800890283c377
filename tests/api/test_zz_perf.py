import asyncio, time, statistics
from tests.api.world import World
async def test_perf(world: World):
    ids=[await world.launch() for _ in range(40)]
    await world.launch()
    bodies=[await world.answer(i) for i in ids]
    ts=[]
    for i,b in zip(ids,bodies):
        t=time.perf_counter(); await world.post("gd.stc", f"/consultations/{i}/asks/STC/reply", b); ts.append(time.perf_counter()-t)
    print("\nseq reply p50 %.1f ms p95 %.1f"%(statistics.median(ts)*1e3, sorted(ts)[-3]*1e3))
    bodies=[await world.answer(i,"SNV") for i in ids]
    ts=[]
    async def one(i,b):
        t=time.perf_counter(); await world.post("gd.snv", f"/consultations/{i}/asks/SNV/reply", b); ts.append(time.perf_counter()-t)
    t=time.perf_counter(); await asyncio.gather(*(one(i,b) for i,b in zip(ids,bodies))); d=time.perf_counter()-t
    print("40 at once: %.1f/s p50 %.0f ms max %.0f"%(40/d, statistics.median(ts)*1e3, max(ts)*1e3))
    ts=[]
    for i in ids:
        t=time.perf_counter(); await world.get("gd.sgddt", f"/consultations/{i}"); ts.append(time.perf_counter()-t)
    print("get p50 %.1f ms"%(statistics.median(ts)*1e3))
