"""Notices by mail through a real SMTP server: once each, under one Message-ID, one bad address stopping nobody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.client import Client

from adapters.register.accounts import Account
from adapters.settings import Profile
from api.mailer import Mailer, message_id
from api.noticing import KINDS, missing_templates
from api.services import Services
from bench.rig import free_port
from tests.api.world import World
from tests.servers.mail import Sink


@pytest.fixture
async def post_office(world: World, smtp_sink: Sink) -> tuple[World, Sink, Callable[..., Mailer]]:
    """The province with mailboxes; earlier notices are out of the way."""
    people = {"vt.stc": "vt@stc.mau", "vt.snv": "vt@snv.mau", "cv.sgddt": "cv@sgddt.mau"}
    for name, email in people.items():
        account = await world.services.accounts.find(name)
        assert account is not None
        await world.services.accounts.put_accounts([account.model_copy(update={"email": email})])
    while await world.services.notices.claim(200, timedelta(days=1)):
        pass

    def mailer(**changes: object) -> Mailer:
        at = {"smtp_host": smtp_sink.host, "smtp_port": smtp_sink.port, "smtp_from": "Ý Kiến <ykien@mau.vn>"}
        settings = world.services.settings.model_copy(update={**at, **changes})
        return Mailer(replace(world.services, settings=settings))

    return world, smtp_sink, mailer


PostOffice = tuple[World, Sink, Callable[..., Mailer]]


async def test_a_notice_is_mailed_once_in_vietnamese(post_office: PostOffice) -> None:
    world, sink, mailer = post_office
    await world.launch()
    assert await mailer().send_once() == 2
    assert await mailer().send_once() == 0
    mail = next(m for e, m in zip(sink.envelopes, sink.messages, strict=True) if e.rcpt_tos == ["vt@stc.mau"])
    assert mail["Subject"] == "Lấy ý kiến: Đề án sắp xếp mạng lưới trường, lớp"
    text = mail.get_content()
    assert "Sở Giáo dục và Đào tạo đề nghị Sở Tài chính cho ý kiến" in text
    assert "24 giờ 00 ngày 04/5/2026" in text
    assert mail["Message-ID"].endswith("@mau.vn>")
    assert "X-Originating-IP" not in mail


async def test_a_bad_address_stops_nobody_and_is_not_tried_for_ever(post_office: PostOffice) -> None:
    world, sink, mailer = post_office
    sink.refuse = ["vt@stc.mau"]
    await world.launch()
    assert await mailer().send_once() == 1
    assert [e.rcpt_tos for e in sink.envelopes] == [["vt@snv.mau"]]
    assert await mailer().send_once() == 0
    sink.refuse = []
    assert await mailer().send_once() == 0


async def test_a_mail_server_that_is_down_is_tried_again_later(post_office: PostOffice) -> None:
    world, sink, mailer = post_office
    await world.launch()
    assert await mailer(smtp_port=free_port()).send_once() == 0
    waiting = await world.services.notices.claim(200)
    assert waiting == ()
    assert sink.messages == []


async def test_one_of_two_addresses_of_a_notice_may_fail(post_office: PostOffice) -> None:
    world, sink, mailer = post_office
    secret = Account(
        username="vt2.stc", full_name="x", agency="STC", roles=("clerk",), email="vt2@stc.mau", password_hash="-"
    )
    await world.services.accounts.put_accounts([secret])
    sink.refuse = ["vt@stc.mau"]
    await world.launch()
    assert await mailer().send_once() == 2
    assert sorted(e.rcpt_tos[0] for e in sink.envelopes) == ["vt2@stc.mau", "vt@snv.mau"]
    await world.services.accounts.disable("vt2.stc")


async def test_mails_of_a_drill_say_so(post_office: PostOffice) -> None:
    world, sink, mailer = post_office
    await world.launch()
    await mailer(profile=Profile.DRILL).send_once()
    assert all(m["Subject"].startswith("[DIỄN TẬP] ") for m in sink.messages)


def test_a_message_id_is_the_notices_own() -> None:
    assert message_id("c1/STC/launched", "Ý Kiến <ykien@mau.vn>") == message_id("c1/STC/launched", "ykien@mau.vn")
    assert message_id("c1/STC/launched", "ykien@mau.vn") != message_id("c1/SNV/launched", "ykien@mau.vn")
    assert message_id("x", "ykien").endswith("@localhost>")


async def test_every_kind_of_notice_has_its_template(world: World) -> None:
    assert missing_templates(world.services) == []
    assert len(KINDS) == len(set(KINDS))


async def test_nobody_is_mailed_where_no_server_is_set(client: Client, parts: Callable[..., Services]) -> None:
    services = parts("sqlite+aiosqlite:////nowhere/never.db", None)
    await Mailer(services).run()
    await services.database.close()
