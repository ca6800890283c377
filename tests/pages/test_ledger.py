"""The ledger's page: readable and raw, for those who inspect; verified on the page, a changed entry is named."""

from typing import Any

from adapters.register.verifications import Verifications
from adapters.register.verifying import Verification
from api.verifying import Verifier, _problems
from tests.adapters.registers import counted
from tests.api.world import World


async def verified(browser: Any, province: World) -> Any:
    """The inspector's page after a walk that was started on it."""
    inspector = await browser("thanhtra")
    await inspector.submit(await inspector.page("/so-cai"), "/so-cai/kiem-chung")
    verifier: Verifier = inspector.http._transport.app.state.verifier
    await verifier.finished()
    return await inspector.page("/so-cai")


async def test_every_entry_is_readable_and_raw_newest_first(browser: Any, province: World) -> None:
    id = await province.launch()
    page = await (await browser("thanhtra")).page(f"/so-cai?cuoc={id}")
    kept = (await province.get("thanhtra", f"/consultations/{id}/ledger"))["items"]
    assert all(entry["hash"] in page.text for entry in kept)
    places = [page.text.index(f"Nguyên văn mục {entry['seq']}") for entry in kept]
    assert "Phê duyệt phát hành" in page.text
    assert places == sorted(places, reverse=True)
    assert (await (await browser("vpub")).page(f"/so-cai?cuoc={id}&loai=replied")).text.count(id) <= 1


async def test_filters_find_by_kind_actor_and_day_and_a_wrong_day_is_no_error(browser: Any, province: World) -> None:
    id = await province.launch()
    inspector = await browser("thanhtra")
    for query, seen in {
        "loai=launched&nguoi=gd.sgddt": True,
        "nguoi=gd.syt": False,
        "ngay=2026-04-22": True,
        "ngay=2020-01-01": False,
        "ngay=hom-qua": True,
    }.items():
        page = await inspector.page(f"/so-cai?cuoc={id}&{query}")
        assert (f"/lay-y-kien/{id}" in [href for href, _ in page.links]) is seen, query


async def test_a_walk_is_started_on_the_page_and_kept_with_who_asked(browser: Any, province: World) -> None:
    await province.launch()
    page = await verified(browser, province)
    assert "Sổ cái nguyên vẹn" in page.text
    [last] = await Verifications(province.services.database).latest(1)
    assert (last.asked_by, last.problems) == ("thanhtra", ())
    assert last.entries > 0
    assert last.finished_at is not None


async def test_only_those_who_inspect_read_it_and_start_a_walk(browser: Any) -> None:
    for user in ("gd.stc", "pct4", "danhgia", "quantri"):
        someone = await browser(user)
        await someone.page("/so-cai", 403)
        token = (await someone.page("/tinh-han")).form("/dang-xuat").fields
        await someone.send("/so-cai/kiem-chung", token, 403)


async def test_one_walk_at_a_time_in_a_process(province: World) -> None:
    verifier = Verifier(province.services)
    await verifier.start("thanhtra")
    await verifier.start("vpub")
    await verifier.finished()
    [last] = await Verifications(province.services.database).latest(1)
    assert last.asked_by == "thanhtra"


async def test_the_first_changed_entry_is_named_on_the_page(browser: Any, province: World) -> None:
    kept = Verifications(province.services.database)
    found = Verification(ok=False, entries=3, contents=0, head="", first_bad=4, why="hash", expected="a", found="b")
    number = await kept.start("thanhtra")
    await kept.finish(number, 3, _problems(found))
    page = await (await browser("thanhtra")).page("/so-cai")
    assert "Phát hiện sai khác đầu tiên ở mục số 4: nội dung mục khác với mã băm" in page.text
    await kept.progress(number, 9, 9)
    assert (await kept.latest(1))[0].checked == 3


async def test_the_page_asks_as_much_for_many_entries_as_for_few(browser: Any, province: World) -> None:
    inspector = await browser("thanhtra")
    counts = []
    for _ in range(2):
        await province.launch()
        with counted(province.services.database) as sent:
            await inspector.page("/so-cai")
        counts.append(len(sent))
    assert counts[0] == counts[1]
