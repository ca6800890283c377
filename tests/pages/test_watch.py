"""The watchers' pages: what is owed, urging with a confirmation first, and a wall without anybody's opinion."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.tables import asks
from tests.adapters.registers import counted, tell
from tests.api.world import World

SECRET_SAYS = "Sở Nội vụ thống nhất với dự thảo."


async def overdue(world: World, agency: str = "STC") -> str:
    """A consultation whose one ask the list shows as past due; the engine's own clock is not moved."""
    id = await world.launch()
    past = await world.services.now() - timedelta(days=3)
    same = sa.and_(asks.c.consultation == id, asks.c.agency == agency)
    await tell(world.services.database, sa.update(asks).where(same).values(due_at=past))
    return id


@pytest.mark.clause("H13")
async def test_the_office_sees_what_will_happen_before_anything_does_and_each_outcome_after(
    browser: Any, province: World
) -> None:
    id = await overdue(province)
    office = await browser("vpub")
    page = await office.page("/theo-doi?so-dong=100&agency=STC")
    form = page.form("/theo-doi/don-doc")
    assert form.value("chon") is None
    sure = await office.send("/theo-doi/don-doc", form.filled({"chon": [f"{id}|STC"]}))
    assert "Đôn đốc lần 1 của Văn phòng" in sure.text
    assert (await province.get("vpub", f"/consultations/{id}"))["asks"][0]["urged"] == []
    fields = sure.form("/theo-doi/don-doc/gui").filled({"reason": "Đề nghị trả lời trước phiên họp."})
    done = await office.send("/theo-doi/don-doc/gui", fields)
    assert "Đã ghi nhận 1 việc; 0 việc không gửi được." in done.text
    twice = await office.send("/theo-doi/don-doc/gui", fields)
    assert twice.link("Biên nhận") == done.link("Biên nhận")
    assert len((await province.get("vpub", f"/consultations/{id}"))["asks"][0]["urged"]) == 1
    again = await office.send("/theo-doi/don-doc", form.filled({"chon": [f"{id}|STC"]}))
    assert "Hôm nay Văn phòng đã đôn đốc" in again.text
    refused = await office.submit(again, "/theo-doi/don-doc/gui")
    assert "Đã ghi nhận 0 việc; 1 việc không gửi được." in refused.text


async def test_nothing_ticked_urges_nobody(browser: Any, province: World) -> None:
    await overdue(province)
    office = await browser("vpub")
    page = await office.page("/theo-doi")
    empty = await office.submit(page, "/theo-doi/don-doc")
    assert "Chưa chọn cơ quan nào." in empty.text
    assert "/theo-doi/don-doc/gui" not in [form.action for form in empty.forms]


async def test_a_secret_in_the_words_is_refused_and_everything_chosen_stays(browser: Any, province: World) -> None:
    id = await overdue(province)
    office = await browser("vpub")
    page = await office.page("/theo-doi")
    chosen = page.form("/theo-doi/don-doc").filled({"chon": [f"{id}|STC"]})
    sure = await office.send("/theo-doi/don-doc", chosen)
    words = "TỐI MẬT\nNội dung phiên họp."
    refused = await office.submit(sure, "/theo-doi/don-doc/gui", 422, reason=words)
    form = refused.form("/theo-doi/don-doc/gui")
    assert (form.value("chon"), form.value("reason")) == (f"{id}|STC", words)


async def test_home_affairs_and_inspectors_follow_and_urge_nobody(browser: Any, province: World) -> None:
    id = await overdue(province)
    for user in ("danhgia", "thanhtra"):
        watcher = await browser(user)
        page = await watcher.page("/theo-doi?agency=STC&so-dong=100")
        assert "Đề án sắp xếp mạng lưới trường, lớp" in page.text
        assert "/theo-doi/don-doc" not in [form.action for form in page.forms]
        fields = [*page.form("/dang-xuat").fields, ("chon", f"{id}|STC")]
        outcome = await watcher.send("/theo-doi/don-doc/gui", fields)
        assert "Đã ghi nhận 0 việc; 1 việc không gửi được." in outcome.text
    for user in ("gd.stc", "pct4", "quantri"):
        await (await browser(user)).page("/theo-doi", 403)
        await (await browser(user)).page("/theo-doi/man-hinh", 403)


async def test_the_wall_shows_counts_and_names_and_nobodys_words(browser: Any, province: World) -> None:
    id = await overdue(province)
    await province.reply(id, "SNV", text=SECRET_SAYS)
    watcher = await browser("danhgia")
    whole = await watcher.page("/theo-doi/man-hinh")
    part = await watcher.page("/theo-doi/man-hinh?phan=true")
    assert "Quá hạn theo cơ quan" in part.text
    assert "Sở Tài chính" in part.text
    assert SECRET_SAYS not in whole.text
    assert [text for level, text in whole.headings if level == 1] == ["Màn hình phòng điều hành"]
    assert "<html" not in part.html


async def test_the_lists_ask_as_much_for_many_rows_as_for_few(browser: Any, province: World) -> None:
    office = await browser("vpub")
    for path in ("/theo-doi", "/theo-doi/man-hinh"):
        counts = []
        for _ in range(2):
            await overdue(province)
            await office.page(path)
            with counted(province.services.database) as sent:
                await office.page(path)
            counts.append(len(sent))
        assert counts[0] == counts[1], path
