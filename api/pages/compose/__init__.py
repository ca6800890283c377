"""Preparing a consultation step by step, saved while it is written, checked by the gate, then sent."""

from fastapi import APIRouter

from api.pages.compose import editing, listing, live, sending

router = APIRouter()
for module in (listing, sending, live, editing):
    router.include_router(module.router)
