"""Forms being written: saved over what was seen only, one live reply for an agency, kept when they end."""

import asyncio

import pytest

from adapters.database import Database
from adapters.register.compositions import Compositions, Overtaken


async def test_whoever_saves_over_words_they_have_not_seen_is_told_and_nothing_is_lost(db: Database) -> None:
    forms = Compositions(db)
    begun = await forms.start_launch("SGDDT", "cv.sgddt", {"subject": "Kế hoạch"})
    saved = await forms.save(begun.id, 1, {"subject": "Kế hoạch năm 2027"}, "cv.sgddt")
    assert saved.version == 2
    with pytest.raises(Overtaken) as overtaken:
        await forms.save(begun.id, 1, {"subject": "Đề án"}, "gd.sgddt")
    assert overtaken.value.current.data == {"subject": "Kế hoạch năm 2027"}
    assert await forms.find(begun.id) == saved


async def test_two_who_sit_down_to_one_reply_at_once_write_the_same_form(db: Database) -> None:
    forms = Compositions(db)
    begun = await asyncio.gather(*(forms.reply("c1", "STC", who, {}) for who in ("cv.stc", "gd.stc", "stc.pho")))
    assert len({form.id for form in begun}) == 1


async def test_a_form_that_was_sent_is_kept_and_the_next_reply_begins_anew(db: Database) -> None:
    forms = Compositions(db)
    first = await forms.reply("c2", "STC", "cv.stc", {"text": "Thống nhất."})
    await forms.end(first.id, "r-1")
    kept = await forms.find(first.id)
    assert kept is not None
    assert (kept.data, kept.receipt) == ({"text": "Thống nhất."}, "r-1")
    assert kept.ended_at is not None
    assert (await forms.reply("c2", "STC", "cv.stc", {})).id != first.id
    with pytest.raises(Overtaken):
        await forms.save(first.id, 1, {}, "cv.stc")


async def test_an_agency_lists_its_live_forms_last_saved_first(db: Database) -> None:
    forms = Compositions(db)
    one, two = [await forms.start_launch("SXD", "cv.sxd", {"subject": s}) for s in ("một", "hai")]
    await forms.save(one.id, 1, {"subject": "một, sửa"}, "cv.sxd")
    assert [form.id for form in await forms.of_agency("SXD", "launch")] == [one.id, two.id]
    await forms.end(one.id)
    assert [form.id for form in await forms.of_agency("SXD", "launch")] == [two.id]
    assert await forms.of_agency("SYT", "launch") == ()
