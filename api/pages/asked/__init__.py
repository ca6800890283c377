"""The consulted agency's room: what it was asked, one request on one page, its reply and everything around it."""

from fastapi import APIRouter

from api.pages.asked import acts, checking, listing, paper, pointing, reply, request, saving

router = APIRouter()
# Small acts are found by their last word and come last.
for room in (listing, request, reply, saving, checking, pointing, paper, acts):
    router.include_router(room.router, prefix="/duoc-hoi")
