"""The administrator's room: directory, leaders, calendar, rules, signing register, health. No consultation is read.

Whoever may read the directory may look at what is public in it; what changes anything asks the policy by its own name.
"""

from fastapi import APIRouter

from api.pages.admin import amended, calendar, delegations, directory, health, landing, leaders, rules

router = APIRouter()
for part in (landing, directory, leaders, calendar, amended, delegations, rules, health):
    router.include_router(part.router, prefix="/quan-tri")
