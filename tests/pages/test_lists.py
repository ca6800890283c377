"""The list of consultations: what one may see, under filters that have an address, kept under a name by each person."""

from typing import Any
from uuid import uuid4

from api.pages.lists.filtering import Wanted, clean
from tests.adapters.registers import counted
from tests.api.world import World


async def named(world: World, subject: str, lead: str = "sgddt") -> str:
    """A running consultation about that."""
    return await world.launch(lead, subject=subject)


async def test_everybody_sees_their_own_and_filters_narrow_it(browser: Any, province: World) -> None:
    mark = uuid4().hex[:8]
    id = await named(province, f"Đề án đất đai {mark}")
    for user, seen in {"vpub": True, "gd.sgddt": True, "gd.stc": True, "pct4": True, "gd.syt": False}.items():
        page = await (await browser(user)).page(f"/lay-y-kien?q=dat+dai+{mark}")
        assert (f"/lay-y-kien/{id}" in [href for href, _ in page.links]) is seen, user
    office = await browser("vpub")
    for query, seen in {"agency=STC": True, "agency=SYT": False, "status=closed": False, "overdue=1": False}.items():
        page = await office.page(f"/lay-y-kien?q={mark}&{query}")
        assert (f"/lay-y-kien/{id}" in [href for href, _ in page.links]) is seen, query
    found = await office.page(f"/lay-y-kien?q=dat+dai+{mark}")
    assert "<mark>đất</mark>" in found.html


async def test_no_rows_say_what_will_be_here(browser: Any) -> None:
    page = await (await browser("gd.skhcn")).page(f"/lay-y-kien?q={uuid4().hex}")
    assert "Không có cuộc lấy ý kiến nào khớp với bộ lọc." in page.text
    assert "chưa có" in (await (await browser("danhgia")).page("/lay-y-kien")).text.lower()


async def test_a_filter_is_kept_under_a_name_applied_and_removed(browser: Any, province: World) -> None:
    mine = await browser("gd.stc")
    query = "status=open&agency=STC"
    page = await mine.page(f"/lay-y-kien?{query}")
    kept = await mine.submit(page, "/bo-loc", name="Đang hỏi sở mình")
    assert kept.link("Đang hỏi sở mình") == f"/lay-y-kien?{query}"
    [row] = await province.services.filters.of("gd.stc", "/lay-y-kien")
    theirs = await browser("gd.snv")
    other = await theirs.page("/lay-y-kien")
    assert "Đang hỏi sở mình" not in other.text
    await theirs.send(f"/bo-loc/{row.id}/bo", other.form("/dang-xuat").fields)
    removed = await mine.submit(kept, f"/bo-loc/{row.id}/bo")
    assert "Đang hỏi sở mình" not in removed.text
    assert await province.services.filters.of("gd.stc", "/lay-y-kien") == ()


async def test_the_same_name_again_moves_the_filter(browser: Any, province: World) -> None:
    mine = await browser("gd.snv")
    for query in ("status=open", "status=closed"):
        page = await mine.page(f"/lay-y-kien?{query}")
        await mine.submit(page, "/bo-loc", name="Của tôi")
    assert [one.query for one in await province.services.filters.of("gd.snv", "/lay-y-kien")] == ["status=closed"]


def test_an_address_has_one_spelling_and_nothing_foreign_in_it() -> None:
    wanted = Wanted(status=("open",), q="đất đai", overdue=True, size=100)
    assert clean(wanted.query) == wanted.query
    assert clean("q=a&next=//noi-khac.example&cursor=x") == "q=a"
    assert Wanted().query == ""
    assert "cu-nhat" in Wanted().turned()


async def test_the_list_asks_as_much_for_many_rows_as_for_few(browser: Any, province: World) -> None:
    office = await browser("vpub")
    counts = []
    for _ in range(2):
        await named(province, f"Kế hoạch {uuid4().hex[:6]}")
        with counted(province.services.database) as sent:
            await office.page("/lay-y-kien")
        counts.append(len(sent))
    assert counts[0] == counts[1]


async def test_the_search_page_highlights_the_accented_words_and_keeps_others_questions_from_the_asked(
    browser: Any, province: World
) -> None:
    mark = f"M{uuid4().hex[:7]}"
    id = await named(province, f"Đề án hòa giải ở cơ sở {mark}")
    office = await browser("vpub")
    page = await office.page(f"/tim?q=hoà+giai+{mark}")
    assert "<mark>hòa</mark>" in page.html
    assert f"/lay-y-kien/{id}" in [href for href, _ in page.links]
    question = await office.page(f"/tim?q=bien+che+vi+tri+viec+lam+{mark}")
    assert "vị trí việc làm dôi dư" in question.text
    assert f"/lay-y-kien/{id}" not in [href for href, _ in (await (await browser("gd.stc")).page(question.url)).links]
    nobody = await (await browser("gd.syt")).page(f"/tim?q={mark}")
    assert "Không tìm thấy cuộc lấy ý kiến nào" in nobody.text
    assert "Gõ có dấu hay không dấu" in (await office.page("/tim")).text


async def test_an_agencys_name_in_the_query_is_understood(browser: Any, province: World) -> None:
    mark = f"M{uuid4().hex[:7]}"
    id = await named(province, f"Kế hoạch kiên cố trường học {mark}")
    page = await (await browser("vpub")).page(f"/tim?q=so+tai+chinh+{mark}")
    assert f"/lay-y-kien/{id}" in [href for href, _ in page.links]
