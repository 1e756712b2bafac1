"""Whatever comes in, only a DataProblem comes out, and it carries nothing of the file."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caremap.intake.reading import Limits, open_source, workbook
from caremap.problems import DataProblem
from tests.unit.intake.reading.workbooks import of_rows, raw, sheet_xml

SECRET = "000-12-3456"
BOOK = of_rows(["id", "ssn"], *[[row, SECRET] for row in range(30)])


def use(data: bytes, name: str = "x", **choices: Any) -> None:
    """Open a file and read all of it."""
    opened = open_source(data, name, **choices)
    for sheet in (*opened.sheets, *opened.hidden):
        sheet.head()
        sheet.body(2)


@given(st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    with contextlib.suppress(DataProblem):
        use(data)


@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252", "cp932"]))
def test_random_text(text: str, codec: str) -> None:
    with contextlib.suppress(DataProblem):
        use(text.encode(codec, "replace"))


@given(
    st.sampled_from([b"\x1f\x8b\x08", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=", b'"']),
    st.binary(max_size=200),
)
def test_random_bytes_after_a_plausible_beginning(begin: bytes, data: bytes) -> None:
    with contextlib.suppress(DataProblem):
        use(begin + data)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(cut=st.integers(0, len(BOOK)), paste=st.integers(0, len(BOOK)), junk=st.binary(max_size=9))
def test_truncated_and_spliced_workbooks(cut: int, paste: int, junk: bytes) -> None:
    with contextlib.suppress(DataProblem):
        use(BOOK[:cut] + junk + BOOK[paste:])


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(at=st.integers(0, 400), junk=st.binary(min_size=1, max_size=6))
def test_spoiled_sheets(at: int, junk: bytes) -> None:
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>1</f></c></row>' * 3)
    spoiled = xml.encode()[:at] + junk + xml.encode()[at:]
    with contextlib.suppress(DataProblem):
        use(raw(spoiled.decode("latin-1")))


def test_an_unexpected_exception_leaves_nothing_of_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        SECRET.encode().decode("utf-16-be-and-" + SECRET)

    monkeypatch.setattr("caremap.intake.reading.encodings.decode", fail)
    with pytest.raises(DataProblem) as caught:
        open_source(b"a,b\n1,2\n")
    problem = caught.value
    assert problem.__cause__ is None
    assert problem.__context__ is None
    assert SECRET not in str(problem)


CHILDREN = {
    "crashes": "import os; os.abort()",
    "exits": "raise SystemExit(3)",
    "says nothing": "pass",
    "writes rubbish": "print('rubbish' * 99)",
    "writes half a frame": 'print(\'{"sheet": "S", "bytes": [99]}\')',
    "never ends": "import time; time.sleep(60)",
}


@pytest.mark.parametrize("case", CHILDREN)
def test_a_child_that_fails_is_a_problem_in_words(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child.py"
    child.write_text(CHILDREN[case])
    monkeypatch.setattr(workbook, "CHILD", child)
    with pytest.raises(DataProblem) as caught:
        open_source(BOOK, "x.xlsx", limits=Limits(seconds=0.5))
    assert "“x.xlsx”" in caught.value.message
    assert caught.value.hint


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux only")
def test_a_child_that_takes_all_memory_is_a_problem_with_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbook.markup, "refuse_far_cells", lambda *_: None)
    near, far = ('<row><c r="A1"><v>1</v></c></row>', '<row><c r="XFD1048576"><v>2</v></c></row>')
    with pytest.raises(DataProblem, match="more memory than one workbook may use"):
        open_source(raw(sheet_xml(near + far)), "x.xlsx")


def test_the_box_around_all_cells_is_bounded() -> None:
    data = of_rows(["a", "b"], [1, 2], [3, 4])
    with pytest.raises(DataProblem, match="5 cells, the limit"):
        open_source(data, limits=Limits(cells=5))


def test_what_a_sheet_may_unpack_to_is_bounded() -> None:
    with pytest.raises(DataProblem, match="the limit is"):
        open_source(BOOK, limits=Limits(unpacked_bytes=1000))


def test_a_doctype_anywhere_is_refused() -> None:
    part = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    data = raw(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'), **{"docProps/app.xml": part})
    with pytest.raises(DataProblem, match="declares XML entities"):
        open_source(data)


def test_the_child_imports_calamine_alone() -> None:
    script = (
        "import sys, runpy; sys.argv = ['child', 'x', '1', '1', '1', '1'];"
        f"runpy.run_path({str(workbook.CHILD)!r}, run_name='child');"
        "print(sorted(n for n in ('pandas', 'numpy', 'pyarrow', 'caremap') if n in sys.modules))"
    )
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert output.stdout.split() == [b"[]"]
