"""Puts the figures on the page: tables, readings and charts between markers; the words around them are left alone.

Beside the page lie the figures themselves, so that a run of some parts keeps what earlier runs measured of the others.
"""

from pathlib import Path

from bench.aims import aims
from bench.charts import draw
from bench.marked import between, replace
from bench.readings import reading
from bench.report import Report, merged
from bench.tables import Table, tables
from bench.words import AIMS, COLUMNS, TITLES, VERDICTS
from domain.clock import VIETNAM

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
PAGE, FIGURES = "performance.md", "performance.json"
GIB = 1024**3


def write(report: Report, folder: Path = FOLDER) -> list[Path]:
    """Bring page, figures and charts in the folder to this report; what was written. ImportError without altair."""
    whole = merged(_known(folder / FIGURES), report)
    whole = whole.model_copy(update={"aims": aims(whole)})
    charts = draw(whole, folder)
    page = folder / PAGE
    text = between(page.read_text("utf-8"), "machine", _machine(whole))
    for table in tables(whole):
        text = between(text, table.name, _block(table, whole, charts.get(table.name)))
    replace(page, text)
    replace(folder / FIGURES, whole.model_dump_json(indent=1) + "\n")
    return [page, folder / FIGURES, *charts.values()]


def _known(file: Path) -> Report | None:
    return Report.model_validate_json(file.read_text("utf-8")) if file.exists() else None


def _machine(report: Report) -> str:
    on, when = report.machine, {f"{at.astimezone(VIETNAM):%d/%m/%Y}": None for at in report.measured_at.values()}
    lines = [
        f"Measured on {', '.join(when)} on {on.cores} cores of {on.cpu}, {on.memory / GIB:.0f} GiB of memory, "
        f"{on.system}, Python {on.python}, {on.temporal}, {on.postgres or 'no PostgreSQL'}.",
        *(f"Not measured on {part}: its programs were not installed." for part in report.left_out),
        *(f"**{step} did not come to its end**: {why}" for step, why in report.failed.items()),
    ]
    return "\n\n".join(lines)


def _block(table: Table, report: Report, chart: Path | None) -> str:
    """Reading, picture, table."""
    words = reading(table.name, report)
    picture = f"![{TITLES[table.name]}]({chart.name})" if chart else ""
    return "\n\n".join(part for part in (words, picture, markdown(table)) if part)


def markdown(table: Table) -> str:
    """The table as it stands on a page."""
    heads = [COLUMNS[key] for key in table.headings]
    rows = [_aim(row) for row in table.rows] if table.name == "aims" else table.rows
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _aim(row: tuple[str, ...]) -> tuple[str, ...]:
    return (AIMS[row[0]], *row[1:-1], VERDICTS[row[-1]])
