"""Options that several verbs share, and the settings they lead to."""

from pathlib import Path
from typing import Annotated

import typer

from adapters.settings import Settings, load_settings
from commands.texts import RULES, say

AsJson = Annotated[bool, typer.Option("--json", help=say("help.json"))]
Drill = Annotated[bool, typer.Option("--drill", help=say("help.drill"))]
DataDir = Annotated[Path | None, typer.Option("--data-dir", metavar="THƯ_MỤC", help=say("help.data_dir"))]
Username = Annotated[str, typer.Argument(metavar="TÀI_KHOẢN", help=say("help.username"), show_default=False)]


def settings_of(drill: bool = False, data_dir: Path | None = None, **given: object) -> Settings:
    """The settings of this command; what was given on the line wins. Raises `WrongSettings`.

    With `drill`, where the environment describes a real copy, that copy's database and key are left alone.
    """
    if not drill or load_settings().drill:
        return load_settings(data_dir=data_dir, **given)
    folder = load_settings(profile="drill", data_dir=data_dir).data_dir
    own = {"database_url": f"sqlite+aiosqlite:///{folder / 'ykien.db'}", "secret_key_file": folder / "secret.key"}
    return load_settings(profile="drill", data_dir=folder, **own, **given)


def rules_of(settings: Settings) -> Path:
    """The folder of the rules in use."""
    return settings.rules_dir or RULES
