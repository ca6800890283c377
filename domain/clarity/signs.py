"""What the second opinion sees of a whole reply: how strongly sentences play each role, and where.

Dense signs, named; a chance lies in 0 to 1.
"""

from math import log, log1p, prod

from domain.clarity.echo import echoes
from domain.clarity.flaw import Flaw
from domain.clarity.learned import Read
from domain.clarity.reading import Hit
from domain.clarity.role import Role
from domain.logistic import Signs, Sum

_MOST = 4.0
_NEVER_SURE = 0.01
_UNDO_A_YES = (
    *(Role.NO, Role.CHANGE, Role.EMPTY_CHANGE, Role.REASON),
    *(Role.EMPTY_REASON, Role.HEDGE, Role.DEFER, Role.EVADE),
)
# A sentence speaks about a question when it shares this much of its words, or nearly as much as the best one.
_ABOUT = 0.25
_NEARLY_BEST = 0.7


def reply_signs(read: Read, ruled: tuple[Flaw, ...], answered: tuple[float, ...]) -> Signs:
    """The signs of a reply that has a sentence. `ruled`: what the rules found. `answered`: a chance per question."""
    chances = {role: [sentence.get(role, 0.0) for sentence in read.roles] for role in Role}
    signs = _turns(chances)
    for role, along in chances.items():
        signs.update(_strengths(role, along))
    signs.update((f"rule:{flaw.fault}.{flaw.variant}", 1.0) for flaw in ruled)
    signs["sentences"] = log1p(len(read.roles))
    signs["length"] = log1p(sum(len(read.case.words_in(sentence)) for sentence in read.case.telling))
    signs["bare"] = float(read.case.reading.bare)
    signs["questions"] = float(len(answered))
    signs["open"] = 1.0 - min(answered, default=1.0)
    signs["open_in_all"] = sum(1.0 - chance for chance in answered)
    return signs


def _strengths(role: Role, along: list[float]) -> Signs:
    """One role at its strongest (as a chance and as odds), once more, in the first and last sentence, together."""
    strongest = sorted(along, reverse=True)
    return {
        f"most:{role}": strongest[0],
        f"odds:{role}": log((strongest[0] + _NEVER_SURE) / (1.0 - strongest[0] + _NEVER_SURE)),
        f"again:{role}": strongest[1] if len(strongest) > 1 else 0.0,
        f"first:{role}": along[0],
        f"last:{role}": along[-1],
        f"sum:{role}": min(sum(along), _MOST),
        f"nowhere:{role}": prod(1.0 - chance for chance in along),
    }


def _turns(chances: dict[Role, list[float]]) -> Signs:
    """What comes after a yes or a no, and which of both prevails."""
    yes, no = chances[Role.YES], chances[Role.NO]
    signs = {f"{role}_after_yes": _after(yes, chances[role]) for role in _UNDO_A_YES}
    return {
        **signs,
        "yes_after_no": _after(no, yes),
        "yes_over_no": max(yes) - max(no),
        "last_yes_over_no": yes[-1] - no[-1],
        "no_for_no_reason": max(no) * (1.0 - max(chances[Role.REASON])),
    }


def _after(first: list[float], second: list[float]) -> float:
    """How strongly the second role follows the first."""
    return max((second[at] * max(first[:at]) for at in range(1, len(second))), default=0.0)


def answered_chances(read: Read, question: Sum) -> tuple[float, ...]:
    """For each question the chance that the text answers it."""
    return tuple(question.chance(signs) for signs in question_signs(read))


def question_signs(read: Read) -> tuple[Signs, ...]:
    """For each question: what the sentences about it do, and whether a figure stands where one was asked for."""
    sentences = read.case.telling
    figures = [any(char.isdigit() for char in _said(read, sentence)) for sentence in sentences]
    return tuple(_question(read, question, figures) for question in read.case.reply.questions)


def _question(read: Read, question: str, figures: list[bool]) -> Signs:
    shared = echoes(read.case, question)
    top = max(range(len(shared)), key=lambda at: shared[at], default=0)
    after = min(top + 1, len(shared) - 1)
    about = [at for at, share in enumerate(shared) if share >= max(_ABOUT, _NEARLY_BEST * shared[top])]
    counts = float(read.case.matches("asks_count", question))
    figure = float(figures[top] or figures[after])
    signs = {
        "shared": shared[top],
        "counts": counts,
        "counts_figure": counts * figure,
        "counts_no_figure": counts * (1.0 - figure),
        "figure": float(figures[top]),
        "questions": float(len(read.case.reply.questions)),
        "sentences": log1p(len(shared)),
    }
    for role in (Role.ANSWER, Role.EVADE, Role.DEFER):
        chances = [sentence[role] for sentence in read.roles]
        signs[f"top:{role}"] = chances[top]
        signs[f"after:{role}"] = chances[after]
        signs[f"about:{role}"] = max((chances[at] for at in about), default=0.0)
        signs[f"most:{role}"] = max(chances)
    signs["answer_over_evade"] = signs["about:answer"] * (1.0 - signs["about:evade"])
    return signs


def _said(read: Read, sentence: Hit) -> str:
    return read.case.reading.own[sentence.start : sentence.end]
