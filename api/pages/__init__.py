"""The pages: server-rendered HTML over the same front desk, bodies, routes and queries as the JSON interface.

A page shows and asks; it decides nothing. What a form sends goes through the very route a client would call.
"""

from fastapi import APIRouter, Depends

from api.pages import (
    admin,
    admin_accounts,
    admin_sessions,
    asked,
    calculator,
    compose,
    consultation,
    drill,
    help,
    leader,
    ledger,
    lists,
    receipts,
    signing,
    todo,
    watch,
)
from api.pages.identity import account, choosing, single
from api.pages.protection import same_origin

ROUTERS = (
    *(todo, signing, asked, calculator, drill, help, leader, consultation, receipts, watch, compose, lists, ledger),
    *(account, choosing, single, admin, admin_accounts, admin_sessions),
)


def pages_router() -> APIRouter:
    """All page routes, guarded against other sites' forms; they are no part of the described interface."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(same_origin)])
    for module in ROUTERS:
        router.include_router(module.router)
    return router
