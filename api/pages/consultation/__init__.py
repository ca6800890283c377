"""One consultation's pages, for whoever may see it: overview, matrix, each agency's part, synthesis, story, ledger.

They show and ask; what a form sends goes through the JSON interface's own routes.
"""

from fastapi import APIRouter

from api.pages.consultation.acts import router as acts
from api.pages.consultation.ask import router as ask
from api.pages.consultation.drafts import router as drafts
from api.pages.consultation.matrix import router as matrix
from api.pages.consultation.overview import router as overview
from api.pages.consultation.redraft import router as redraft
from api.pages.consultation.remarks import router as remarks
from api.pages.consultation.rulings import router as rulings
from api.pages.consultation.story import router as story
from api.pages.consultation.synthesis import router as synthesis

router = APIRouter()
for room in (overview, acts, redraft, matrix, ask, rulings, synthesis, remarks, story, drafts):
    router.include_router(room)
