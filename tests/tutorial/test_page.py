"""The tutorial's test has teeth: what it may hide is named, all else must agree, and no command is passed over."""

import pytest

from tests.tutorial.masks import difference, masked
from tests.tutorial.page import WrongPage, directives, read, with_outputs

PAGE = """# A page

<!-- once: "stage" ;; "due_at" -->
<!-- refused -->
```console
$ first
…
$ second
```

```json
{"not": "a command"}
```
"""
PRINTED = '{\n  "stage": "sent",\n  "other": 1,\n  "stage": "again",\n  "due_at": null\n}\n'


def test_every_command_is_read_with_the_output_below_it() -> None:
    first, second = read(PAGE)

    assert (first.command, first.shown, first.how.refused) == ("first", ("…",), True)
    assert (second.command, second.shown, second.number) == ("second", (), 8)


@pytest.mark.parametrize("text", ["", "```sh\nls\n```\n", "```console\nls\n```\n", "```console\n$ ls\n"])
def test_a_page_that_hides_a_command_from_the_test_is_refused(text: str) -> None:
    with pytest.raises(WrongPage):
        read(text)


def test_a_directive_nobody_knows_is_refused() -> None:
    with pytest.raises(WrongPage):
        directives(["<!-- skipped -->"])


def test_lines_left_out_are_marked_once_a_run() -> None:
    once = directives(['<!-- once: "stage" ;; "due_at" -->'])
    keep = directives(['<!-- keep: "stage" -->'])

    assert once.excerpt(PRINTED) == ["…", '  "stage": "sent",', "…", '  "due_at": null', "…"]
    assert keep.excerpt(PRINTED) == ["…", '  "stage": "sent",', "…", '  "stage": "again",', "…"]
    assert directives([]).excerpt(PRINTED) == PRINTED.splitlines()


def test_recording_replaces_outputs_and_nothing_else() -> None:
    steps = read(PAGE)
    recorded = with_outputs(PAGE, steps, [["a", "b"], ["c"]])

    assert [step.shown for step in read(recorded)] == [("a", "b"), ("c",)]
    assert with_outputs(recorded, read(recorded), [["…"], []]) == PAGE


def test_ids_hashes_and_instants_may_differ_and_words_may_not() -> None:
    ours = [
        '"id": "c-0123456789abcdef0123"',
        f'"hash": "{"a" * 64}"',
        '"at": "2026-06-05T01:00:00Z"',
        "08:00 ngày 5/6/2026",
    ]
    theirs = [
        '"id": "c-fedcba98765432100000"',
        f'"hash": "{"b" * 64}"',
        '"at": "2026-12-01T09:30:00.5Z"',
        "17:00 ngày 01/12/2026",
    ]

    assert difference("x", ours, theirs, exact=False) == ""
    assert "+" in difference("x", ours, theirs, exact=True)
    assert '-"stage": "sent"' in difference("x", ['"stage": "sent"'], ['"stage": "late"'], exact=False)
    assert difference("x", ["a"], ["a", "b"], exact=False)


@pytest.mark.parametrize("line", ['"on_time": 4,', '"stage": "returned",', '"due_at": null', "Mã từ chối: forbidden"])
def test_what_a_run_decides_is_never_masked(line: str) -> None:
    assert masked(line) == line
