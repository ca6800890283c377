"""How much of a question each sentence repeats. Whether it answers the question is for others to say."""

from domain.clarity.case import Case

# A word of the draft's title stands in half the sentences.
_TITLE_WEIGHT = 0.5


def echoes(case: Case, question: str) -> tuple[float, ...]:
    """For each telling sentence the share of the question's own words in it, 0 to 1; the title's words count half."""
    title = case.subject_words
    weights = {word: _TITLE_WEIGHT if word in title else 1.0 for word in case.content(question)}
    total = sum(weights.values()) or 1.0
    said = (frozenset(case.words_in(sentence)) for sentence in case.telling)
    return tuple(sum(weight for word, weight in weights.items() if word in words) / total for words in said)
