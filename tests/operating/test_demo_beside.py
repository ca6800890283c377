"""The demonstration beside a copy that starts: loaded once, by a process of its own, and never into a used register."""

from pathlib import Path

import sqlalchemy as sa

from adapters.database import connect, migrate
from adapters.demo_writing import is_empty
from adapters.settings import Settings, load_settings
from adapters.tables import consultations
from bench.rig import free_port
from commands.demo.beside import Beside
from commands.demo.scripts import scripts
from commands.texts import RULES


def copy_in(folder: Path) -> Settings:
    """A copy's settings; no engine is at its address."""
    return load_settings(data_dir=folder, temporal_address=f"127.0.0.1:{free_port()}")


async def count(settings: Settings) -> int:
    """How many consultations the register holds."""
    database = connect(settings.database_url.get_secret_value())
    async with database.read() as connection:
        found = await connection.scalar(sa.select(sa.func.count()).select_from(consultations)) or 0
    assert await is_empty(database) == (found == 0)
    await database.close()
    return found


async def test_an_empty_register_is_furnished_once_while_the_copy_starts(tmp_path: Path) -> None:
    settings = copy_in(tmp_path)
    await migrate(settings.database_url.get_secret_value())
    first, again = Beside(settings), Beside(settings)
    await first.load()
    assert await first.loaded(), (tmp_path / "logs" / "demo.log").read_text("utf-8")
    assert await count(settings) == len(scripts(RULES))
    written = (tmp_path / "logs" / "demo.log").stat().st_size
    await again.load()
    again.start()
    assert await again.loaded()
    for one in (first, again):
        await one.end()
    assert (tmp_path / "logs" / "demo.log").stat().st_size == written
