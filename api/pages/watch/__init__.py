"""The watchers' room: what is overdue, urging from the list, and the wall of the operations room."""

from fastapi import APIRouter

from api.pages.watch import overdue, wall

router = APIRouter()
router.include_router(overdue.router)
router.include_router(wall.router)
