"""How fast the two instruments are: one reply of an ordinary and of a great length, one draft before a province's
directory and before a national one, and what loading them costs.

Measures and prints; it holds no limit against anybody but shows them beside the figures.
"""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from adapters.lexicon import load_instrument, load_suggester
from adapters.rules import load_rulebook
from domain.clarity import Instrument, Position, Reply, assess
from domain.directory import Agency, Directory, Function
from domain.relevance import Suggester, suggest

RULES = Path(__file__).parents[2] / "rules"
DAY = date(2026, 5, 4)
NATIONAL = 20_000
LENGTHS = (2_000, 100_000)
# Milliseconds at the 95th percentile.
LIMITS = {"assess_2000": 20.0, "assess_100000": 200.0, "suggest_province": 50.0, "suggest_national": 200.0}
_WARM_UP = 2

# Sentences as officials write them, about invented drafts; letters are put together from them in changing order.
SENTENCES = (
    "Sau khi nghiên cứu dự thảo, Sở Tài chính thống nhất với sự cần thiết ban hành và bố cục của dự thảo.",
    "Tại khoản 3 Điều 5, đề nghị thay “khi có điều kiện” bằng “trong 05 ngày làm việc kể từ ngày nhận đủ hồ sơ”.",
    "Dự toán 12,5 tỷ đồng năm 2026 đã được HĐND tỉnh giao; phần tăng thêm 1,8 tỷ đồng chưa có nguồn.",
    "Số liệu tại Phụ lục 2 chưa khớp với báo cáo quyết toán, đề nghị rà soát lại từng dòng.",
    "UBND các xã có 37 máy gặt, trong đó 12 máy đã quá hạn sử dụng và không còn được đăng kiểm.",
    "Việc giao đất thực hiện theo Luật Đất đai; 6,8 ha chồng lấn rừng phòng hộ đề nghị đưa ra khỏi quy hoạch.",
    "Trước đây một số hộ dân chưa đồng tình, nay các hộ đã ký biên bản và nhận đủ tiền hỗ trợ.",
    "Đề nghị cơ quan chủ trì bổ sung trách nhiệm của Công an tỉnh trong việc bảo đảm an toàn giao thông.",
    "Nội dung phòng cháy, chữa cháy thuộc chức năng của Công an tỉnh, Sở không có ý kiến về phần này.",
    "Trân trọng gửi Quý cơ quan tổng hợp, báo cáo UBND tỉnh xem xét, quyết định.",
)
DRAFTS = (
    "38 quầy lấn lối thoát hiểm, xe cứu hỏa không vào được; cần phương án chữa cháy và vị trí lấy nước chữa cháy.",
    "Tổng chi 12,5 tỷ đồng mỗi năm từ ngân sách tỉnh, mức hỗ trợ 2 triệu đồng mỗi hộ, không phát sinh biên chế.",
    "Tuyến cắt 6,3 ha rừng phi lao, phải trồng thay thế và xin ý kiến về chuyển mục đích sử dụng rừng.",
    "Sáp nhập 12 điểm trường lẻ, điều chỉnh biên chế giáo viên, sửa lại đường cho xe đưa đón học sinh.",
    "Không bàn về giá đất; việc công nhận di tích và bảo vệ hiện vật giữ như quy định hiện hành.",
)
_PAUSES = 6


class Pace(NamedTuple):
    """Milliseconds: half of the runs took no longer than `p50`, 95 of a hundred no longer than `p95`."""

    p50: float
    p95: float


def measure(runs: int = 40) -> dict[str, Any]:
    """Everything measured, in milliseconds: {name: {p50, p95, limit}}, and under `load` what loading took."""
    began = time.perf_counter()
    instrument = load_instrument(RULES)
    loaded_instrument = time.perf_counter()
    suggester = load_suggester(RULES)
    loaded_suggester = time.perf_counter()
    directory = load_rulebook(RULES).directory
    found = {f"assess_{length}": _assessing(instrument, length, runs) for length in LENGTHS}
    found["suggest_province"], first = _suggesting(suggester, directory, runs)
    found["suggest_national"], first_national = _suggesting(suggester, widened(directory, NATIONAL), runs)
    return {
        **{name: {**pace._asdict(), "limit": LIMITS[name]} for name, pace in found.items()},
        "load": {
            "instrument": _ms(loaded_instrument - began),
            "suggester": _ms(loaded_suggester - loaded_instrument),
            "first_suggestion_province": first,
            "first_suggestion_national": first_national,
        },
    }


def letter(length: int, turn: int = 0) -> str:
    """A letter of exactly so many characters; `turn` changes the order of its sentences."""
    said: list[str] = []
    size = at = 0
    while size < length:
        said.append(SENTENCES[(at * 7 + turn) % len(SENTENCES)] + ("\n" if at % _PAUSES == _PAUSES - 1 else " "))
        size += len(said[-1])
        at += 1
    return "".join(said)[:length]


def widened(directory: Directory, count: int) -> Directory:
    """The directory with its functions repeated for invented agencies and varied in their words, `count` in all."""
    agencies, functions = list(directory.agencies), list(directory.functions)
    templates = [function for function in directory.functions if function.effective_to is None]
    copy = 0
    while len(functions) < count:
        copy += 1
        agency = Agency(
            code=f"BM{copy}", name=f"Cơ quan mẫu số {copy}", kind="so", effective_from=DAY.replace(year=2021)
        )
        agencies.append(agency)
        for place in range(copy * 7, copy * 7 + 20):
            functions.append(_varied(templates, place, agency.code, len(functions)))
    return Directory(**{**dict(directory), "agencies": tuple(agencies), "functions": tuple(functions[:count])})


def _varied(templates: Sequence[Function], place: int, agency: str, number: int) -> Function:
    """A function of one text under another's title, so that no two are quite alike."""
    one, other = templates[place % len(templates)], templates[(place * 31 + 17) % len(templates)]
    return one.model_copy(
        update={"id": f"BM-{number}", "agency": agency, "text": f"{one.text} {other.title} tại khu vực mẫu {number}."}
    )


def _assessing(instrument: Instrument, length: int, runs: int) -> Pace:
    replies = [
        Reply(
            position=list(Position)[turn % len(Position)],
            subject="Đề án sắp xếp mạng lưới trường, lớp giai đoạn 2026 - 2030",
            agency="Sở Tài chính",
            questions=("Ngân sách tỉnh có cân đối được 12,5 tỷ đồng năm 2026 không?", "Xã có bao nhiêu máy gặt?"),
            text=letter(length, turn),
        )
        for turn in range(runs + _WARM_UP)
    ]
    return _paced([partial(assess, reply, instrument) for reply in replies])


def _suggesting(suggester: Suggester, directory: Directory, runs: int) -> tuple[Pace, float]:
    """The pace, and what the first question costs, which prepares the directory."""
    texts = [
        " ".join(DRAFTS[(turn + at) % len(DRAFTS)] for at in range(1 + turn % 4)) for turn in range(runs + _WARM_UP)
    ]
    subject = "Kế hoạch sắp xếp chợ đêm ven sông"
    asked = [partial(suggest, subject, text, None, DAY, directory, suggester) for text in texts]
    first = _timed(asked[0])
    return _paced(asked), first


def _paced(tasks: Sequence[Callable[[], object]]) -> Pace:
    """The first few warm up and do not count."""
    taken = sorted([_timed(task) for task in tasks][_WARM_UP:])
    return Pace(taken[len(taken) // 2], taken[min(len(taken) - 1, len(taken) * 95 // 100)])


def _timed(task: Callable[[], object]) -> float:
    started = time.perf_counter()
    task()
    return _ms(time.perf_counter() - started)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def table(found: dict[str, Any]) -> str:
    """The figures as lines of text."""
    rows = [f"{'':<18}{'p50 ms':>10}{'p95 ms':>10}{'limit':>8}"]
    rows += [
        f"{name:<18}{pace['p50']:>10.1f}{pace['p95']:>10.1f}{pace['limit']:>8.0f}"
        for name, pace in found.items()
        if name != "load"
    ]
    return "\n".join([*rows, *(f"load: {name:<28}{taken:>10.0f} ms" for name, taken in found["load"].items())])


if __name__ == "__main__":
    sys.stdout.write(table(measure()) + "\n")
