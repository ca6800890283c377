"""The search: without diacritics, the nearest first, in pages that hold still, and only what the reader may see."""

from typing import Any

from adapters.database import Database
from adapters.register.contents import content_of, store
from adapters.register.paging import Page
from adapters.register.queries_search import Hit, Sought, Why, search
from adapters.register.searchable import LONGEST, searchable
from adapters.register.viewing import Viewer
from domain.text import words
from tests.adapters.registers import counted, record, running
from tests.worlds import at

OFFICE = Viewer(roles=("office",), agency="VPUB")
LEAD = Viewer(roles=("lead_officer",), agency="SGDDT")
ASKED = Viewer(roles=("handler",), agency="STC")
STRANGER = Viewer(roles=("handler",), agency="SYT")


async def launched(db: Database, id: str, subject: str, number: str = "", **plan: Any) -> None:
    """A recorded consultation with those words; STC and SNV are asked."""
    body = content_of({"subject": subject, "number": number, "plan": plan, "parts": plan.pop("parts", [])})
    async with db.begin() as connection:
        await store(connection, [body], at("2026-01-05 09:00"))
    await record(db, running(id, "STC", "SNV", content=body.sha256))


async def find(db: Database, query: str, viewer: Viewer = OFFICE, **more: Any) -> list[tuple[str, Why]]:
    """Ids in order, and why each was found."""
    found: Page[Hit] = await search(db, viewer, Sought(words=words(query), **more))
    return [(hit.id, hit.why) for hit in found.items]


async def test_the_nearest_comes_first(db: Database) -> None:
    await launched(db, "c1", "Kế hoạch dùng đất theo Quyết định 12/2026", summary="Về đất đai.")
    await launched(db, "c2", "Quy chế phối hợp", "12/2026/QĐ-UBND")
    await launched(db, "c3", "Quy chế lưu trữ", "12/2026/QĐ")
    await launched(db, "c4", "Đất đai vùng ven", summary="Nội dung khác.")
    await launched(db, "c5", "Quản lý đất đai")
    await launched(db, "c6", "Đai xanh quanh đất rừng")
    assert await find(db, "12/2026/qd") == [("c3", Why.NUMBER), ("c2", Why.NUMBER_START)]
    assert [id for id, _ in await find(db, "QĐ 12/2026")] == ["c3", "c2"]
    assert await find(db, "dat dai") == [
        ("c4", Why.SUBJECT_START),
        ("c6", Why.SUBJECT),
        ("c5", Why.SUBJECT),
        ("c1", Why.PHRASE),
    ]


async def test_diacritics_case_and_the_placing_of_tones_make_no_difference(db: Database) -> None:
    await launched(db, "c1", "Công tác hòa giải ở cơ sở", summary="Uỷ quyền cho Ủy ban nhân dân cấp xã.")
    for query in ("hoà giải", "HÒA GIẢI", "hoa giai", "hòa giai"):
        assert await find(db, query) == [("c1", Why.SUBJECT)], query
    for query in ("uy ban nhan dan", "uỷ ban", "ủy quyền"):
        assert await find(db, query) == [("c1", Why.PHRASE)], query
    assert await find(db, "giai hoa xyz") == await find(db, "") == await find(db, "%_") == []


async def test_questions_to_others_are_found_by_those_who_may_read_them_all(db: Database) -> None:
    asks = [{"agency": "STC", "questions": [{"text": "Có cân đối được kinh phí không?"}]}]
    await launched(db, "c1", "Kế hoạch", asks=asks, own_position="Thống nhất phương án một.")
    for viewer, seen in ((OFFICE, True), (LEAD, True), (ASKED, False), (STRANGER, False)):
        assert bool(await find(db, "can doi duoc", viewer)) is seen, viewer
    for viewer, seen in ((OFFICE, True), (LEAD, True), (ASKED, True), (STRANGER, False)):
        assert bool(await find(db, "phuong an mot", viewer)) is seen, viewer


async def test_an_agencys_name_finds_what_it_leads_and_was_asked_and_words_narrow_it(db: Database) -> None:
    await launched(db, "c1", "Tiêm chủng mở rộng")
    await launched(db, "c2", "Kiên cố hóa trường học")
    named: dict[str, Any] = {"agencies": ("STC",)}
    assert sorted(await find(db, "so tai chinh", **named)) == [("c1", Why.AGENCY), ("c2", Why.AGENCY)]
    narrowed = {**named, "rest": words("tiem chung")}
    assert await find(db, "so tai chinh tiem chung", **narrowed) == [("c1", Why.AGENCY)]


async def test_pages_of_results_follow_one_another_without_gap_or_double(db: Database) -> None:
    for n in range(7):
        await launched(db, f"c{n}", "Kế hoạch năm" if n % 2 else "Rà soát kế hoạch năm")
    sought, cursor, seen = Sought(words=words("ke hoach")), None, list[str]()
    with counted(db) as sent:
        while True:
            found = await search(db, OFFICE, sought, cursor=cursor, limit=3)
            seen += [hit.id for hit in found.items]
            cursor = found.next
            if cursor is None:
                break
    assert seen == ["c5", "c3", "c1", "c6", "c4", "c2", "c0"]
    assert len(sent) == 3


def test_what_is_kept_is_bounded_folded_and_each_text_once() -> None:
    plan = {"summary": "Đất đai", "own_position": "Đất đai", "asks": [{"questions": [{"text": "Có  phù hợp?"}]}]}
    kept = searchable({"number": "12/QĐ", "plan": plan, "parts": [{"label": "Mục I"}, "hỏng"]})
    assert kept == {"number": " 12 qd ", "text": " dat dai muc i ", "questions": " co phu hop "}
    assert len(searchable({"plan": {"summary": "từ " * 9000}})["text"]) <= LONGEST + 2
    assert searchable({"plan": "hỏng"}) == {"number": "", "text": "", "questions": ""}
