"""Launch plans for the gate's tests: one that passes, and short ways to change it."""

from datetime import datetime
from functools import cache
from pathlib import Path

from adapters.rules import load_messages, load_rulebook
from domain.clock import VIETNAM
from domain.gate import AskPlan, DraftFile, DraftPart, Finding, LaunchPlan, Question, check
from domain.messages import Messages
from domain.refusals import Code
from domain.rulebook import Rulebook

RULES = Path(__file__).parents[2] / "rules"
NOW = datetime(2026, 4, 22, 9, 0, tzinfo=VIETNAM)


@cache
def rulebook() -> Rulebook:
    """The shipped rules."""
    return load_rulebook(RULES)


@cache
def messages() -> Messages:
    """The shipped sentences."""
    return load_messages(RULES)


def at(text: str) -> datetime:
    """An instant in Vietnam: "2026-04-22" is that day at 09:00."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T09:00").replace(tzinfo=VIETNAM)


def part(id: str, label: str, text: str = "") -> DraftPart:
    """A part of the draft."""
    return DraftPart(id=id, label=label, text_excerpt=text, sha256="0" * 64)


def ask(agency: str, function: str | None, part: str | None, question: str, **more: object) -> AskPlan:
    """One agency asked one question under one function about one part."""
    base = AskPlan(
        agency=agency,
        functions=(function,) if function else (),
        parts=(part,) if part else (),
        questions=(Question(id=f"q.{agency}", text=question),) if question else (),
    )
    return base.model_copy(update=more)


BUDGET = part(
    "p2", "Mục III. Kinh phí thực hiện", "Tổng kinh phí 12,5 tỷ đồng từ nguồn ngân sách tỉnh, bố trí trong 2 năm."
)
STAFF = part(
    "p1", "Mục II. Sắp xếp trường, lớp", "Giảm 3 trường, dôi dư 21 người làm việc; giao biên chế theo trường mới."
)
PLAN = LaunchPlan(
    lead="SGDDT",
    draft_kind="DE_AN",
    field="PHO_THONG",
    subject="Đề án sắp xếp trường, lớp mầm non, phổ thông",
    summary="Sắp xếp 12 trường trên địa bàn.",
    own_position="Sở thống nhất trình UBND tỉnh phê duyệt.",
    proposal="Phê duyệt Đề án theo dự thảo.",
    legal_basis="Luật Giáo dục năm 2019.",
    draft=DraftFile(file="f1", sha256="1" * 64, name="du-thao-de-an.docx"),
    parts=(STAFF, BUDGET),
    asks=(
        ask("STC", "STC-01", "p2", "Sở Tài chính có thống nhất nguồn kinh phí 12,5 tỷ đồng không?"),
        ask("SNV", "SNV-02", "p1", "Sở Nội vụ có thống nhất số lượng người làm việc dôi dư không?"),
    ),
)


def changed(**changes: object) -> LaunchPlan:
    """The passing plan with some statements replaced."""
    return LaunchPlan.model_validate({**PLAN.model_dump(), **changes})


def asking(*asks: AskPlan, **changes: object) -> LaunchPlan:
    """The passing plan with other addressees."""
    return changed(asks=[a.model_dump() for a in asks], **changes)


def findings(plan: LaunchPlan, now: datetime = NOW, text: str = "") -> tuple[Finding, ...]:
    """What the gate says of a plan under the rules of tỉnh Mẫu."""
    return check(plan, rulebook(), "mau", now, text)


def codes(plan: LaunchPlan, now: datetime = NOW, text: str = "") -> list[Code]:
    """The codes of the findings, in order."""
    return [finding.code for finding in findings(plan, now, text)]
