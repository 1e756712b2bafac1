"""Opening a million stays with `open_file` against reading the same file with pandas.

    .venv/bin/python benchmarks/intake.py
    .venv/bin/python benchmarks/intake.py --dates us      # mm/dd/yyyy HH:MM
    .venv/bin/python benchmarks/intake.py --semicolon     # dd.mm.yyyy and decimal commas

Prints medians of runs taken in turns, each with its ratio to the baseline named beside it,
and the peak memory of a process of its own. `open_file` finds encoding, separator, header,
the meaning of columns and the order of day and month by itself, takes the digest, looks for
totals, footnotes and duplicates and checks every value; pandas is told what it has to know.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

sys.path.insert(0, str(Path(__file__).parents[1]))  # the project is run, not installed
import caremap  # noqa: E402

DATES = ["Admission Date", "Discharge Date"]
FORMATS = {"iso": "%Y-%m-%d %H:%M", "us": "%m/%d/%Y %H:%M", "dotted": "%d.%m.%Y %H:%M"}
DIAGNOSES = (
    "Hypertension|Pneumonia, viral|Type 2 diabetes|Fractured femur|Appendicitis|Sepsis|COPD|"
    "Heart failure|Asthma|Arthrosis of knee|Cellulitis|Cystitis|Stroke|Gallstones"
).split("|")


def stays(rows: int) -> pa.Table:
    """Invented stays of five years in twelve columns, the same in every run."""
    chance = np.random.default_rng(20240403)
    minutes = chance.integers(0, 5 * 365 * 1440, rows)
    stay = chance.gamma(1.4, 3.1 * 1440, rows).astype(np.int64) + 30
    start = np.datetime64("2019-01-01T00:00", "m")
    weight = np.arange(len(DIAGNOSES), 0, -1.0)

    def one_of(*words: str, p: Any = None) -> pa.Array:
        codes = chance.choice(len(words), rows, p=p).astype(np.int32)
        return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words)).cast(pa.string())

    return pa.table(
        {
            "Encounter ID": pa.array(np.arange(rows) + 4_000_000),
            "MRN": pc.utf8_lpad(
                pa.array(chance.integers(0, rows * 3 // 4, rows)).cast(pa.string()), 8, "0"
            ),
            DATES[0]: pa.array((start + minutes).astype("datetime64[s]")),
            DATES[1]: pa.array((start + minutes + stay).astype("datetime64[s]")),
            "Facility": one_of("North", "South", "Harbour", "St Anne"),
            "Department": one_of("Surgery", "Medicine", "Oncology", "Children"),
            "Diagnosis": one_of(*DIAGNOSES, p=weight / weight.sum()),
            "Admission Type": one_of("Emergency", "Planned", "Urgent"),
            "Age": pa.array(chance.integers(0, 96, rows)),
            "Gender": one_of("F", "M"),
            "Insurance": one_of("Public", "Private", "None"),
            "Cost": pa.array(chance.lognormal(8.7, 0.9, rows).round(2)),
        }
    )


def write_csv(table: pa.Table, path: Path, form: str, semicolon: bool) -> None:
    """Write the stays as text with dates of that format, in quotes only what needs them."""
    separator = ";" if semicolon else ","
    with path.open("w") as file:
        file.write(separator.join(table.column_names) + "\n")
    with path.open("ab") as file:
        for batch in table.to_batches(max_chunksize=100_000):
            cells = []
            for name, values in zip(table.column_names, batch.columns, strict=True):
                text = pc.strftime(values, form) if name in DATES else values.cast(pa.string())
                if semicolon and name == "Cost":
                    text = pc.replace_substring(text, ".", ",")
                quoted = pc.binary_join_element_wise('"', text, '"', "")
                cells.append(pc.if_else(pc.match_substring(text, separator), quoted, text))
            lines = pc.binary_join_element_wise(*cells, separator)
            file.write("\n".join(lines.to_pylist()).encode() + b"\n")


def medians(contest: Mapping[str, Callable[[], Any]], runs: int) -> dict[str, float]:
    """Median seconds of each, run in turns so that a busy machine is unfair to none."""
    times: dict[str, list[float]] = {name: [] for name in contest}
    for _ in range(runs):
        for name, work in contest.items():
            start = time.perf_counter()
            result = work()
            times[name].append(time.perf_counter() - start)
            del result
    return {name: statistics.median(taken) for name, taken in times.items()}


def told(seconds: Mapping[str, float], goals: Mapping[str, str]) -> None:
    """Print each time, and what the first of them is to the others."""
    first, *others = seconds
    print(f"  {first:<50} {seconds[first]:7.2f} s")
    for name in others:
        ratio = seconds[first] / seconds[name]
        print(f"  {name:<50} {seconds[name]:7.2f} s   open_file takes {ratio:.2f} times that"
              f"{goals.get(name, '')}")  # fmt: skip


def peak(path: Path) -> tuple[float, float]:
    """MB a process of its own holds after importing and at most while opening the file."""
    done = subprocess.run(
        [sys.executable, __file__, "--measure", str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    before, after = map(float, done.stdout.split())
    return before, after


def measure(path: str) -> None:
    """Print this process's peak memory in MB before and after it opened a file."""
    # A small file first, so that every library is loaded before the counting begins.
    caremap.open_file(b"Ward,Admission Date,Cost\nA,2024-04-01,1.5\nB,2024-04-02,2.5\n")
    before = peak_of_this_process()
    assert len(caremap.open_file(path).table)
    print(before, peak_of_this_process())


def peak_of_this_process() -> float:
    """MB; the kernel's own count where it tells it, since `ru_maxrss` counts the parent too."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1e6 if sys.platform == "darwin" else used * 1024 / 1e6


def text_file(folder: Path, rows: int, runs: int, dates: str, semicolon: bool) -> None:
    """Print how fast, and in how much memory, the stays are opened as text."""
    path, form = folder / "stays.csv", FORMATS["dotted" if semicolon else dates]
    write_csv(stays(rows), path, form, semicolon)
    size = path.stat().st_size / 1e6
    print(f"{rows:,} stays as text, {size:.0f} MB, dates like {form}; median of {runs} runs")
    dialect: dict[str, Any] = {"sep": ";", "decimal": ","} if semicolon else {}
    parsed = "pandas.read_csv, parse_dates and date_format"
    contest: dict[str, Callable[[], Any]] = {"open_file": partial(caremap.open_file, path)}
    if form == FORMATS["iso"]:
        parsed = "pandas.read_csv, parse_dates"
        contest[parsed] = partial(pd.read_csv, path, parse_dates=DATES)
    else:
        contest[parsed] = partial(pd.read_csv, path, parse_dates=DATES, date_format=form, **dialect)
    contest["pandas.read_csv, all as text"] = partial(pd.read_csv, path, dtype=str, **dialect)
    told(medians(contest, runs), {parsed: " (goal: at most 2)"})
    before, after = peak(path)
    print(f"  peak memory {after:.0f} MB, {after - before:.0f} MB above the {before:.0f} MB of the "
          f"libraries: {(after - before) / size:.1f} times the file (goal: at most 6)")  # fmt: skip


def workbook(folder: Path, rows: int, runs: int) -> None:
    """Print how fast the stays are opened as a workbook."""
    path = folder / "stays.xlsx"
    frame = stays(rows).to_pandas()
    frame.to_excel(path, index=False)
    print(f"{rows:,} stays as xlsx, {path.stat().st_size / 1e6:.1f} MB; median of {runs} runs")
    fast, default = "pandas.read_excel, calamine", "pandas.read_excel, its default (openpyxl)"
    contest: dict[str, Callable[[], Any]] = {
        "open_file": partial(caremap.open_file, path),
        fast: partial(pd.read_excel, path, engine="calamine"),
    }
    seconds = medians(contest, runs)
    seconds |= medians({default: partial(pd.read_excel, path, engine="openpyxl")}, 1)
    told(seconds, {
        fast: " (goal: at most 1.3)",
        default: f", is {seconds[default] / seconds['open_file']:.1f} times faster "
                 "(goal: at least 6)",
    })  # fmt: skip


def main() -> None:
    """Print the figures of a text file and of a workbook."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dates", choices=["iso", "us"], default="iso")
    parser.add_argument("--semicolon", action="store_true", help="dd.mm.yyyy, decimal commas")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--no-xlsx", action="store_true", help="the text file only")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        measure(given.measure)
        return
    print(f"python {sys.version.split()[0]}, pandas {pd.__version__}, pyarrow {pa.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        text_file(Path(folder), given.rows, given.runs, given.dates, given.semicolon)
        if not given.no_xlsx:
            workbook(Path(folder), max(given.rows // 20, 1), given.runs)


if __name__ == "__main__":
    main()
