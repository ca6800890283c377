"""The lists' room: all consultations the reader may see, with kept filters; and the search over their words."""

from fastapi import APIRouter

from api.pages.lists import consultations, kept, search

router = APIRouter()
router.include_router(consultations.router)
router.include_router(kept.router)
router.include_router(search.router)
