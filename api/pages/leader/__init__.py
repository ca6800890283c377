"""The leader's room: what waits for a decision, the digest, what was decided, and one case on one page."""

from fastapi import APIRouter

from api.pages.leader import case, desk

router = APIRouter()
router.include_router(desk.router)
router.include_router(case.router)
