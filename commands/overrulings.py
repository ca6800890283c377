"""`ykien overrulings`: replies people have ruled on, as labelled lines for `ykien assess --score`. It reads only.

Standard output carries the lines and nothing else. Whoever may run it reads the words of every agency.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from commands.options import DataDir, Drill, settings_of
from commands.output import give_json, note
from commands.register import with_register
from commands.texts import say

if TYPE_CHECKING:
    from adapters.database import Database

AT_ONCE = 200


def overrulings(drill: Drill = False, data_dir: DataDir = None) -> None:
    """Print every reply with a human label, oldest label first."""
    from adapters.register.queries_overrulings import overrulings as labelled
    from api.app import build_services
    from api.views.overrulings import overruling

    settings = settings_of(drill, data_dir)

    async def give(database: "Database") -> int:
        services = replace(build_services(settings), database=database)
        count, cursor = 0, None
        while True:
            page = await labelled(database, cursor, AT_ONCE)
            for row in page.items:
                give_json((await overruling(services, row)).model_dump(mode="json"), lines=True)
            count, cursor = count + len(page.items), page.next
            if cursor is None:
                return count

    note(say("overrulings.told", count=with_register(settings, give)))
