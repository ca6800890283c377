"""The examples are sound, the shipped weights are theirs, and every published figure comes from a measurement."""

import json
import os
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters.lexicon import load_instrument, load_suggester
from adapters.rules import load_rulebook
from bench.instruments import shipped
from bench.instruments.drafts import LabelledDraft, read_drafts, read_sentences, taught_by
from bench.instruments.error_pages import clarity_errors, relevance_errors
from bench.instruments.examples import Example, read_examples
from bench.instruments.gathered import NotShipped, _same, document
from bench.instruments.markdown import quoted
from bench.instruments.pages import SIGNS, known, rendered, write
from bench.instruments.places import (
    DOCS,
    DRAFTS,
    GIVEN_DRAFTS,
    GIVEN_REPLIES,
    REPLIES,
    RULES,
    SENTENCES,
    UNSEEN_DRAFTS,
    UNSEEN_REPLIES,
)
from bench.instruments.targets import interval, of_clarity, of_relevance
from bench.marked import between
from cli import app
from domain.clarity import Fault, Position, assess
from domain.clarity.role import Role

OWN_REPLIES = [one for file in REPLIES for one in read_examples(file)]
OWN_DRAFTS = [one for file in DRAFTS for one in read_drafts(file)]
INSTRUMENT, SUGGESTER = load_instrument(RULES), load_suggester(RULES)
DIRECTORY = load_rulebook(RULES).directory
FIGURES = known()
STALE = "the instruments changed since they were measured: make instruments ARGS='--fit --write'"


# --- the examples


def roles(example: Example) -> list[Role]:
    return [part.role for part in example.parts]


def test_every_set_is_there_and_every_example_has_a_name_of_its_own() -> None:
    sets: list[tuple[tuple[Any, ...], int]] = [
        (read_examples(GIVEN_REPLIES), 240),
        (read_examples(UNSEEN_REPLIES), 240),
        (read_drafts(GIVEN_DRAFTS), 80),
        (read_drafts(UNSEEN_DRAFTS), 80),
    ]

    assert [len(listed) for listed, _ in sets] == [size for _, size in sets]
    for listed in (OWN_REPLIES, OWN_DRAFTS, *(listed for listed, _ in sets)):
        assert listed
        assert len(dict.fromkeys(one.id for one in listed)) == len(listed)


@pytest.mark.parametrize("listed", [OWN_REPLIES, OWN_DRAFTS], ids=["replies", "drafts"])
def test_parts_put_together_are_the_text_and_no_words_run_into_each_other(listed: list[Any]) -> None:
    for one in listed:
        text = one.reply.text if isinstance(one, Example) else one.words
        pieces = [part.words for part in one.parts]
        seams = pairwise(pieces)

        assert text == "".join(pieces), one.id
        assert all(piece.strip() for piece in pieces), one.id
        assert not any(before[-1].isalnum() and after[0].isalnum() for before, after in seams), one.id


def test_a_reply_is_clear_exactly_when_it_has_no_fault() -> None:
    files = (*REPLIES, GIVEN_REPLIES, UNSEEN_REPLIES)
    lines = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]

    assert [line["id"] for line in lines if line["clear"] == bool(line["faults"])] == []


def test_a_clear_reply_has_no_part_that_hedges_passes_on_evades_or_gives_an_empty_reason() -> None:
    bad = (Role.HEDGE, Role.DEFER, Role.EVADE, Role.EMPTY_REASON)

    assert [one.id for one in OWN_REPLIES if not one.faults and any(role in bad for role in roles(one))] == []


def test_a_fault_agrees_with_the_parts_and_with_the_position() -> None:
    for one in OWN_REPLIES:
        if Fault.DEFERRING in one.faults:
            assert Role.DEFER in roles(one), one.id
        if Fault.NO_AMENDMENT in one.faults:
            assert one.position is Position.AGREE_WITH_AMENDMENTS, one.id
            assert Role.CHANGE not in roles(one), one.id
        if Fault.NO_REASON in one.faults:
            assert one.position in (Position.DISAGREE, Position.OUT_OF_FUNCTION), one.id
        if Fault.UNANSWERED in one.faults:
            assert one.questions, one.id


def test_a_part_speaks_of_a_question_that_was_put() -> None:
    placed = [(one, part.question) for one in OWN_REPLIES for part in one.parts if part.question is not None]

    assert placed
    assert [one.id for one, place in placed if not 0 <= place < len(one.questions)] == []


def test_a_draft_concerns_the_agencies_its_parts_concern() -> None:
    def of_parts(draft: LabelledDraft) -> list[str]:
        told = [part.function for part in draft.parts if part.function and not part.function.startswith("-")]
        return sorted(dict.fromkeys(DIRECTORY.function(function).agency for function in told))

    assert [one.id for one in OWN_DRAFTS if of_parts(one) != sorted(one.agencies)] == []
    for one in (*OWN_DRAFTS, *read_drafts(GIVEN_DRAFTS), *read_drafts(UNSEEN_DRAFTS)):
        assert sorted(one.why) == sorted(one.agencies), one.id
        for agency, function in one.why.items():
            assert DIRECTORY.function(function).agency == agency, one.id
            assert DIRECTORY.function(function).in_force(one.on), one.id


def test_no_subject_that_was_learned_from_is_among_the_unseen() -> None:
    learned = [one.subject for one in (*OWN_REPLIES, *read_examples(GIVEN_REPLIES))]
    of_drafts = [one.subject for one in (*OWN_DRAFTS, *read_drafts(GIVEN_DRAFTS))]

    assert [one.id for one in read_examples(UNSEEN_REPLIES) if one.subject in learned] == []
    assert [one.id for one in read_drafts(UNSEEN_DRAFTS) if one.subject in of_drafts] == []


# --- what is shipped


def test_the_shipped_weights_name_how_many_replies_they_were_made_from() -> None:
    made_from = {file.stem: len(read_examples(file)) for file in (*REPLIES, GIVEN_REPLIES)}

    assert INSTRUMENT.learned.made_from == made_from


def test_the_suggester_remembers_every_sentence_that_may_be_learned_from_and_no_other() -> None:
    taught = (*read_sentences(SENTENCES), *taught_by(OWN_DRAFTS))

    def told(examples: tuple[Any, ...]) -> Counter[tuple[str, str, bool]]:
        return Counter((one.function, one.text.strip(), one.related) for one in examples)

    assert told(SUGGESTER.examples) == told(taught)


def test_the_command_prints_what_the_shipped_instrument_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("YKIEN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    examples = [*OWN_REPLIES[::181], *read_examples(UNSEEN_REPLIES)[::24]]
    lines = [json.dumps({"id": one.id, **one.reply.model_dump(mode="json")}, ensure_ascii=False) for one in examples]
    (tmp_path / "lines.jsonl").write_text("\n".join(lines), "utf-8")

    result = CliRunner().invoke(app, ["assess", "lines.jsonl"])

    assert result.exit_code == 0, result.output
    assert len(examples) == 20
    printed = [json.loads(line) for line in result.stdout.splitlines()]
    names = ("fault", "quote", "start", "end", "weight")
    for one, line in zip(examples, printed, strict=True):
        found = assess(one.reply, INSTRUMENT)
        assert (line["id"], line["clear"]) == (one.id, found.clear)
        assert [tuple(finding[name] for name in names) for finding in line["findings"]] == [
            tuple(getattr(finding, name) for name in names) for finding in found.findings
        ]


# --- what is published


def test_the_pages_say_what_the_figures_say() -> None:
    texts = rendered(FIGURES)

    assert list(texts) == ["clarity.md", "clarity-errors.md", "relevance.md", "relevance-errors.md"]
    for name, text in texts.items():
        assert (DOCS / name).read_text("utf-8") == text, name


def test_the_figures_are_those_of_the_shipped_instruments() -> None:
    published = {part: FIGURES[part]["version"] for part in ("clarity", "relevance")}

    assert published == {"clarity": INSTRUMENT.version, "relevance": SUGGESTER.version}, STALE
    measured = [
        ("clarity", "instrument", shipped.clarity_unseen()),
        ("relevance", "suggester", shipped.relevance_unseen()),
    ]
    for part, best, shown in measured:
        unseen = FIGURES[part]["tables"][best]["unseen"]
        assert {name: unseen[name] for name in shown} == shown, STALE


def test_every_weight_of_the_suggester_is_explained() -> None:
    assert sorted(SIGNS) == sorted(SUGGESTER.weighing.weights)


@pytest.mark.parametrize("part", ["clarity", "relevance"])
def test_every_error_that_is_counted_is_written_out(part: str) -> None:
    best = {"clarity": "instrument", "relevance": "suggester"}[part]
    page = (DOCS / f"{part}-errors.md").read_text("utf-8")
    for name, errors in FIGURES[part]["errors"].items():
        counts = FIGURES[part]["tables"][best][name]["counts"]
        missed = [e for e in errors if (e["right"] and not e["found"] if part == "clarity" else e["missed"])]

        assert all(f"### {error['id']}\n" in page for error in errors)
        assert counts["missed"] == sum(1 if part == "clarity" else len(error["missed"]) for error in missed)


# --- how it is counted and written


def test_a_target_is_judged_by_the_exact_share_and_not_by_a_rounded_one() -> None:
    def judged(right: int, wrong: int) -> bool:
        table = {"counts": {"right": right, "wrong": wrong, "missed": 0}, "macro_f1": 0.9}
        return next(of_clarity(table)).reached

    assert judged(97, 3)
    assert not judged(9699, 301)  # 0.9699 is shown as 0.970


def test_nothing_right_out_of_nothing_reaches_nothing() -> None:
    table = {"counts": {"right": 0, "wrong": 0, "missed": 0}, "nobody_right": 0, "nobody": 0}

    assert [target.reached for target in of_relevance(table)] == [False, False, False]


@pytest.mark.parametrize(("part", "whole", "least", "most"), [(0, 0, 0.0, 1.0), (3, 6, 0.188, 0.812), (6, 6, 0.61, 1)])
def test_a_share_of_few_is_an_uncertain_one(part: int, whole: int, least: float, most: float) -> None:
    assert interval(part, whole) == pytest.approx((least, most), abs=0.001)


def test_figures_that_the_shipped_files_do_not_give_are_not_published() -> None:
    _same("clarity", {"replies": 1, "errors": []}, {"replies": 1})
    with pytest.raises(NotShipped):
        _same("clarity", {"replies": 1}, {"replies": 2})


def test_a_part_that_is_not_measured_keeps_its_earlier_figures() -> None:
    whole = document({"speed": {"pace": {}}}, {"clarity": {"version": "x"}, "speed": {"pace": {"old": 1}}})

    assert whole["clarity"] == {"version": "x"}
    assert whole["speed"] == {"pace": {}}


def test_writing_twice_writes_the_same(tmp_path: Path) -> None:
    for name in ("clarity.md", "relevance.md"):
        (tmp_path / name).write_text((DOCS / name).read_text("utf-8"), "utf-8")
    files = write(FIGURES, tmp_path)

    assert {file.name: file.read_text("utf-8") for file in files} == {
        file.name: (DOCS / file.name).read_text("utf-8") for file in files
    }


def test_a_page_without_its_markers_is_not_written_over() -> None:
    with pytest.raises(KeyError):
        between("no markers here", "figures", "x")
    assert between("a\n<!-- f -->\nold\n<!-- /f -->\nb", "f", "new") == "a\n<!-- f -->\nnew\n<!-- /f -->\nb"


def test_the_words_of_a_reply_cannot_turn_into_the_pages_own() -> None:
    reply = {"id": "x-1", "position": "agree", "questions": ["a | b?"], "text": "[x](y)\n\n# đề_mục", "right": []}
    page = clarity_errors({"given": [{**reply, "found": ["hedged"]}]})

    assert quoted("") == "> (no text)"
    assert "> \\[x\\](y)\n>\n> \\# đề\\_mục" in page
    assert "1. a \\| b?" in page
    assert "## Given: held unclear, and clear (1)" in page


def test_a_draft_is_written_out_with_what_was_missed_and_what_was_too_much() -> None:
    draft = {"id": "x-1", "subject": "Chợ đêm", "lead": "SCT", "missed": ["CAT (CAT-02)"], "extra": ["SXD"]}

    assert "### x-1\n\n- subject: Chợ đêm\n- lead: SCT\n- missed: CAT (CAT-02)\n- extra: SXD" in relevance_errors(
        {"unseen": [draft]}
    )
