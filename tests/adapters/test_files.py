"""Files: every version is kept under its hash, and none replaces another."""

import asyncio

from adapters.database import Database, connect
from adapters.register.contents import content
from adapters.register.files import Files
from adapters.register.verifying import verify
from adapters.tables import contents, files
from tests.adapters.registers import FixedClock, count
from tests.worlds import at

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


async def test_a_file_keeps_its_bytes_name_and_uploader(db: Database) -> None:
    store = Files(db, FixedClock("2026-02-03 10:00"))
    saved = await store.save("Dự thảo.docx", DOCX, b"mot", "cv.sgddt")
    assert (saved.name, saved.size, saved.version, saved.uploaded_by) == ("Dự thảo.docx", 3, 1, "cv.sgddt")
    assert saved.uploaded_at == at("2026-02-03 10:00")
    assert await store.file(saved.id) == saved
    kept = await content(db, saved.sha256)
    assert kept is not None
    assert kept.data == b"mot"
    assert await store.file("không có") is None


async def test_other_bytes_under_the_name_are_the_next_version_and_the_same_bytes_are_the_same(db: Database) -> None:
    store = Files(db)
    first = await store.save("Dự thảo.docx", DOCX, b"mot", "cv", "c1")
    second = await store.save("DỰ THẢO.docx", DOCX, b"hai", "cv.khac", "c1")
    assert (first.version, second.version) == (1, 2)
    assert await store.save("Dự thảo.docx", DOCX, b"mot", "cv", "c1") == first


async def test_versions_count_within_a_consultation_or_an_uploaders_own_files(db: Database) -> None:
    store = Files(db)
    places = [("cv", None), ("cv.khac", None), ("cv", "c1"), ("cv", "c2")]
    saved = [await store.save("a.docx", DOCX, b"mot", who, where) for who, where in places]
    assert [row.version for row in saved] == [1, 1, 1, 1]
    assert (await count(db, files), await count(db, contents)) == (4, 1)


async def test_versions_saved_at_once_get_numbers_of_their_own(db: Database, register_url: str) -> None:
    other = connect(register_url)
    stores = [Files(db), Files(other)]
    saved = await asyncio.gather(*(stores[n % 2].save("a", DOCX, b"%d" % n, "cv", "c1") for n in range(10)))
    await other.close()
    assert sorted(row.version for row in saved) == list(range(1, 11))


async def test_an_empty_and_a_large_file_are_kept_and_verified(db: Database) -> None:
    store = Files(db)
    for data in (b"", b"x" * 9_000_000, b"y" * 9_000_000, b"z"):
        await store.save("a", DOCX, data, "cv")
    found = await verify(db)
    assert (found.ok, found.contents) == (True, 4)
