"""One consultation's pages, for whoever may see it: overview, matrix, each agency's part, synthesis, story, ledger.

They show and ask; what a form sends goes through the JSON interface's own routes.
"""

from fastapi import APIRouter

from api.pages.consultation import acts, ask, drafts, matrix, overview, redraft, remarks, rulings, story, synthesis

router = APIRouter()
for _module in (overview, acts, redraft, matrix, ask, rulings, synthesis, remarks, story, drafts):
    router.include_router(_module.router)
