"""Where labelled examples lie and where what is made from them goes."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
CORPORA = ROOT / "bench" / "corpora"
DOCS = ROOT / "docs" / "reference"

# Written for this project, cut into parts; learned from.
REPLIES = tuple(sorted((CORPORA / "clarity").glob("*.jsonl")))
DRAFTS = tuple(sorted(file for file in (CORPORA / "relevance").glob("*.jsonl") if file.stem != "sentences"))
SENTENCES = CORPORA / "relevance" / "sentences.jsonl"
# Given with the task, labelled as wholes.
GIVEN_REPLIES = ROOT / "tests" / "data" / "clarity.jsonl"
GIVEN_DRAFTS = ROOT / "tests" / "data" / "relevance.jsonl"
# Written by somebody who saw neither the rules nor the other examples; measured on, never learned from.
UNSEEN_REPLIES = CORPORA / "clarity-unseen.jsonl"
UNSEEN_DRAFTS = CORPORA / "relevance-unseen.jsonl"

CLARITY_WEIGHTS = RULES / "lexicon" / "clarity.weights.json"
RELEVANCE_WEIGHTS = RULES / "lexicon" / "relevance.weights.json"
EXAMPLES = RULES / "directory" / "mau.examples.jsonl"
