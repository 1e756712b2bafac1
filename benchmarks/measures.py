"""What figures cost on a million stays: reductions, reruns of the page, ten million on disk.

    .venv/bin/python benchmarks/measures.py
    .venv/bin/python benchmarks/measures.py --only reductions --times   # dates with an hour
    .venv/bin/python benchmarks/measures.py --only breakdowns
    .venv/bin/python benchmarks/measures.py --only page
    .venv/bin/python benchmarks/measures.py --only duckdb

- Every reduction against one bare pandas group-by of the columns it goes by, named beside it.
  Dates are midnights, which a bare group-by is fastest on; with hours it takes ten times longer.
- Every breakdown against one pandas group-by of the same columns that gives the same sums,
  means and medians. What the file covers is known beforehand, as from the first page on.
- A rerun of the overview after a change of filter, every time to hospitals not asked for before,
  against the same on 10,000 stays.
- Every reduction through DuckDB on a Parquet file of ten million stays, in a process of its own,
  with the most memory that process held.

What is compared runs in turns; ratios are medians of the ratios of the turns.
"""

from __future__ import annotations

import argparse
import io
import logging
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1]))  # the project is run, not installed
import caremap  # noqa: E402
from benchmarks.intake import peak_of_this_process  # noqa: E402
from caremap import measures  # noqa: E402
from caremap.dataset import Dataset  # noqa: E402
from caremap.measures import reductions  # noqa: E402
from caremap.measures.coverage import coverage_of  # noqa: E402
from caremap.measures.tallies import Tally  # noqa: E402

APP = Path(__file__).parents[1] / "streamlit_app.py"
HOSPITALS = [f"Hospital {number:02}" for number in range(1, 13)]
SMALL = 10_000

Work = Callable[[Any], object]


def stays(rows: int, hours: bool = False) -> bytes:
    """A file of five years of invented stays in sixteen columns, the same in every run."""
    chance = np.random.default_rng(20240403)
    admitted = np.datetime64("2019-01-01T00:00", "m") + chance.integers(0, 5 * 365 * 1440, rows)
    left = pd.Series(admitted + chance.gamma(1.4, 3.1 * 1440, rows).astype("int64"))
    left = left.where(left < pd.Timestamp("2024-01-01"))
    form = "%Y-%m-%d %H:%M" if hours else "%Y-%m-%d"
    frame = pd.DataFrame(
        {
            "Encounter ID": np.arange(rows) + 4_000_000,
            "Patient ID": chance.integers(0, rows * 3 // 4, rows),
            "Admission Date": admitted,
            "Discharge Date": left,
            "Facility": chance.choice(HOSPITALS, rows),
            "Department": chance.choice(
                ["Surgery", "Medicine", "Oncology", "Children", "ICU", "Emergency"], rows
            ),
            "Treatment": chance.choice([f"Treatment {number}" for number in range(40)], rows),
            "Diagnosis": chance.choice(["Pneumonia", "Sepsis", "COPD", "Asthma", "Stroke"], rows),
            "Admission Type": chance.choice(["Emergency", "Planned", "Urgent"], rows),
            "Was Admitted": chance.choice(["yes", "no"], rows, p=[0.8, 0.2]),
            "Age": chance.integers(0, 96, rows),
            "Gender": chance.choice(["F", "M"], rows),
            "Cost": chance.lognormal(8.7, 0.9, rows).round(2),
            "Waiting Minutes": chance.gamma(2, 40, rows).astype("int64"),
            "Outcome": chance.choice(["Home", "Died", "Transferred"], rows, p=[0.9, 0.04, 0.06]),
            "Satisfaction": pd.Series(chance.integers(1, 6, rows)).astype("Int64"),
        }
    )
    frame.loc[chance.random(rows) < 0.6, "Satisfaction"] = pd.NA
    text = io.StringIO()
    frame.to_csv(text, index=False, date_format=form)
    return text.getvalue().encode()


def by(*columns: str) -> tuple[str, Work]:
    """A bare group-by that counts rows, and what it is called."""
    names = list(columns) if len(columns) > 1 else columns[0]
    return f"groupby({names!r}).size()", lambda rows: rows.groupby(names).size()


def summed(column: str | list[str], *columns: str) -> tuple[str, Work]:
    """A bare group-by that sums these columns, and what it is called."""
    names = list(columns) if len(columns) > 1 else columns[0]
    return f"groupby({names!r})[{column!r}].sum()", lambda rows: rows.groupby(names)[column].sum()


PLACES = ("facility", "department")
READMISSIONS = {"deaths": ["Died"], "transfers": ["Transferred"]}

CASES: dict[str, tuple[Work, tuple[str, Work]]] = {
    "flows": (lambda rows: reductions.flows(rows, "admitted"), by("admitted")),
    "flows of admitted visits": (
        lambda rows: reductions.flows(rows, "admitted", only="was_admitted"),
        by("admitted"),
    ),
    "flows with a sum": (
        lambda rows: reductions.flows(rows, "discharged", sums=["satisfaction"]),
        summed("satisfaction", "discharged"),
    ),
    "flows by facility": (
        lambda rows: reductions.flows(rows, "admitted", ["facility"]),
        by("admitted", "facility"),
    ),
    "flows by facility, department": (
        lambda rows: reductions.flows(rows, "admitted", PLACES, ["cost"]),
        summed("cost", "admitted", *PLACES),
    ),
    "flows without date": (
        lambda rows: reductions.flows(rows, None, ["treatment"]),
        by("treatment"),
    ),
    "costs": (lambda rows: reductions.costs(rows, "discharged"), summed("cost", "discharged")),
    "costs by facility": (
        lambda rows: reductions.costs(rows, "discharged", ["facility"]),
        summed("cost", "discharged", "facility"),
    ),
    "histogram of stay": (
        lambda rows: reductions.histogram(rows, "discharged", "length_of_stay"),
        by("discharged", "length_of_stay"),
    ),
    "histogram of stay, no date": (
        lambda rows: reductions.histogram(rows, None, "length_of_stay"),
        by("length_of_stay"),
    ),
    "histogram of stay by department": (
        lambda rows: reductions.histogram(rows, "discharged", "length_of_stay", ["department"]),
        by("discharged", "department", "length_of_stay"),
    ),
    "histogram of waits": (
        lambda rows: reductions.histogram(rows, "admitted", "waiting_minutes"),
        by("admitted", "waiting_minutes"),
    ),
    "movements": (lambda rows: reductions.movements(rows), by("admitted", "discharged")),
    "movements by facility": (
        lambda rows: reductions.movements(rows, ["facility"]),
        by("admitted", "discharged", "facility"),
    ),
    "movements by facility, department": (
        lambda rows: reductions.movements(rows, PLACES),
        by("admitted", "discharged", *PLACES),
    ),
    "readmissions": (
        lambda rows: reductions.readmissions(rows, **READMISSIONS),
        by("patient_id"),
    ),
    "readmissions by facility": (
        lambda rows: reductions.readmissions(rows, ["facility"], **READMISSIONS),
        by("patient_id"),
    ),
    "tallies by treatment": (
        lambda rows: reductions.tallies(rows, ["treatment"], {"cost": Tally("cost")}),
        summed("cost", "treatment"),
    ),
    "spread of waits by department": (
        lambda rows: reductions.spread(rows, "waiting_minutes", ["department"]),
        by("department", "waiting_minutes"),
    ),
    "variety": (
        lambda rows: reductions.variety(rows, ["treatment"]),
        ("nunique of 'treatment'", lambda rows: rows["treatment"].nunique()),
    ),
    "extents": (lambda rows: reductions.extents(rows, ["satisfaction"]), by("satisfaction")),
    "categories": (lambda rows: reductions.categories(rows, "outcome"), by("outcome")),
}
"""Each reduction of stays and the bare group-by of the same columns."""

BEDS = ["occupied_beds", "staffed_beds"]
COUNTS: dict[str, tuple[Work, tuple[str, Work]]] = {
    "stocks": (lambda rows: reductions.stocks(rows, "date"), summed(BEDS, "date")),
    "stocks by facility": (
        lambda rows: reductions.stocks(rows, "date", ["facility"]),
        summed(BEDS, "date", "facility"),
    ),
}
"""The same of counts."""


SAME: dict[str, tuple[str, str]] = {
    "cost": ("cost", "sum"),
    "mean_cost": ("cost", "mean"),
    "cost_n": ("cost", "count"),
    "length_of_stay": ("length_of_stay", "mean"),
    "median_stay": ("length_of_stay", "median"),
    "waiting": ("waiting_minutes", "median"),
    "satisfaction": ("satisfaction", "mean"),
}
"""The measures of a breakdown, and how one group-by gives the same."""

MEASURED = ["admissions", "discharges", *(name for name in SAME if name != "cost_n")]
SHARES = [0.05, 0.25, 0.5, 0.75, 0.95]


def grouped(rows: pd.DataFrame, keys: Any) -> object:
    """One group-by of the columns a breakdown shows."""
    return rows.groupby(keys).agg(stays=("stay_id", "size"), **SAME)


def month(rows: pd.DataFrame) -> pd.Series[Any]:
    """The month of admission."""
    return rows["admitted"].dt.to_period("M")


BREAKDOWNS: dict[str, tuple[Work, Work]] = {
    "by treatment": (
        lambda data: measures.breakdown(data, "treatment", measures=MEASURED),
        lambda rows: grouped(rows, "treatment"),
    ),
    "by age band": (
        lambda data: measures.breakdown(data, "age_band", measures=MEASURED),
        lambda rows: grouped(rows, rows["age"] // 5),
    ),
    "by facility, department": (
        lambda data: measures.breakdown(data, PLACES, measures=MEASURED),
        lambda rows: grouped(rows, list(PLACES)),
    ),
    "by gender, of one year": (
        lambda data: measures.breakdown(
            data.filtered(start="2022-01-01", end="2022-12-31"), "gender", measures=MEASURED
        ),
        lambda rows: grouped(
            rows[rows["discharged"].between("2022-01-01", "2022-12-31")], "gender"
        ),
    ),
    "readmission by facility": (
        lambda data: measures.readmissions(data, "facility"),
        by("patient_id")[1],
    ),
    "survival by facility": (
        lambda data: measures.survival(data, "facility"),
        lambda rows: rows.groupby(["facility", "outcome"])["stay_id"].size(),
    ),
    "spread of cost by treatment": (
        lambda data: measures.cost_spread(data, "treatment"),
        lambda rows: rows.groupby("treatment")["cost"].quantile(SHARES),
    ),
    "volume by department and month": (
        lambda data: measures.over_time(data, "department", measures=["admissions"]),
        lambda rows: rows.groupby([rows["department"], month(rows)]).size(),
    ),
    "satisfaction by department and month": (
        lambda data: measures.over_time(data, "department", measures=["satisfaction"]),
        lambda rows: rows.groupby([rows["department"], month(rows)])["satisfaction"].mean(),
    ),
    "all by department and month": (
        lambda data: measures.over_time(data, "department", measures=MEASURED),
        lambda rows: grouped(rows, [rows["department"], month(rows)]),
    ),
    "all by season": (
        lambda data: measures.seasonal(data, measures=MEASURED),
        lambda rows: grouped(rows, rows["admitted"].dt.month % 12 // 3),
    ),
    "waits by weekday and hour": (
        lambda data: measures.wait_clock(data),
        lambda rows: rows.groupby([rows["admitted"].dt.day_of_week, rows["admitted"].dt.hour])[
            "waiting_minutes"
        ].quantile([0.5, 0.9]),
    ),
    "what can be broken down by": (
        lambda data: measures.dimensions(data),
        lambda rows: rows[["treatment", "diagnosis", "gender", *PLACES, "outcome"]].nunique(),
    ),
}
"""Each breakdown and one group-by of the same columns."""


def show_breakdowns(table: pd.DataFrame, runs: int) -> None:
    """Print the ratio of every breakdown to one group-by of the same columns."""
    print(f"\nBreakdowns of {len(table):,} rows, median of {runs} turns (goal: at most 3)")
    for name, (work, bare) in BREAKDOWNS.items():
        fresh = [Dataset(stays=table) for _ in range(runs + 1)]  # nothing else is known of them
        for data in fresh:
            coverage_of(data, data.as_of)
        taken = turns(lambda w=work, f=fresh: w(f.pop()), lambda b=bare: b(table), runs)
        ours, theirs, ratio = compared(taken)
        print(f"  {name:<36} {ours:7.3f} s  {ratio:5.2f} times the {theirs:6.3f} s of a group-by")


def counts(rows: int) -> pd.DataFrame:
    """Beds counted every day in many wards of the hospitals."""
    chance = np.random.default_rng(1)
    staffed = chance.integers(10, 40, rows).astype("float64")
    days = np.datetime64("2019-01-01", "us") + np.arange(rows) % 1826 * np.timedelta64(1, "D")
    return pd.DataFrame(
        {
            "date": days,
            "facility": pd.Series(chance.choice(HOSPITALS, rows), dtype="str"),
            "staffed_beds": staffed,
            "occupied_beds": (staffed * chance.random(rows)).round(),
        }
    )


def turns(first: Callable[[], object], second: Callable[[], object], runs: int) -> Iterator[Any]:
    """Yield the seconds of both, run one after the other; a first run of each is not counted."""
    for run in range(runs + 1):
        taken = []
        for work in (first, second):
            start = time.perf_counter()
            result = work()
            taken.append(time.perf_counter() - start)
            del result
        if run:
            yield taken


def compared(pairs: Iterator[Any]) -> tuple[float, float, float]:
    """The median seconds of both and the median of their ratios."""
    first, second = zip(*pairs, strict=True)
    ratios = [one / other for one, other in zip(first, second, strict=True)]
    return statistics.median(first), statistics.median(second), statistics.median(ratios)


def show_reductions(table: pd.DataFrame, runs: int) -> None:
    """Print the ratio of every reduction to its bare group-by."""
    print(f"\nReductions of {len(table):,} rows, median of {runs} turns (goal: at most 3)")
    for rows, cases in ((table, CASES), (counts(len(table)), COUNTS)):
        for name, (work, (called, bare)) in cases.items():
            taken = turns(lambda w=work, r=rows: w(r), lambda b=bare, r=rows: b(r), runs)
            ours, theirs, ratio = compared(taken)
            print(f"  {name:<34} {ours:7.3f} s  {ratio:5.2f} times the {theirs:6.3f} s of {called}")


def show_page(rows: int, runs: int) -> None:
    """Print a rerun of the overview after a change of filter, many stays against few."""
    from streamlit.testing.v1 import AppTest

    logging.disable(logging.WARNING)
    chance = random.Random(1)

    def opened(count: int) -> AppTest:
        at = AppTest.from_file(str(APP), default_timeout=600).run()
        at.switch_page("pages/data.py").run()
        at.file_uploader[0].upload("stays.csv", stays(count), "text/csv").run()
        return at.switch_page("pages/overview.py").run()

    def changed(at: AppTest) -> None:
        at.multiselect(key="facility").set_value(chance.sample(HOSPITALS, 6)).run()
        assert not at.exception

    small = opened(SMALL)
    start = time.perf_counter()
    large = opened(rows)
    print(f"\nThe overview, {runs} changes of filter, each to six other of twelve hospitals")
    print(f"  upload and first view of {rows:,} stays: {time.perf_counter() - start:.1f} s")
    ours, theirs, ratio = compared(turns(lambda: changed(large), lambda: changed(small), runs))
    print(f"  {rows:,} stays  {ours:6.2f} s  {ratio:5.2f} times the {theirs:.2f} s of "
          f"{SMALL:,} stays (goal: at most 10)")  # fmt: skip


def show_duckdb(table: pd.DataFrame, times: int, folder: Path) -> None:
    """Print every reduction through DuckDB on Parquet, in a process of its own."""
    path = folder / "stays.parquet"
    writer = None
    for part in range(times):
        codes = {name: f"{part}-" + table[name] for name in ("stay_id", "patient_id")}
        block = pa.Table.from_pandas(table.assign(**codes), preserve_index=False)
        writer = writer or pq.ParquetWriter(path, block.schema)
        writer.write_table(block)
    assert writer is not None
    writer.close()
    size = path.stat().st_size / 1e9
    print(f"\nReductions of {len(table) * times:,} stays in Parquet ({size:.2f} GB), by DuckDB",
          flush=True)  # fmt: skip
    subprocess.run([sys.executable, __file__, "--measure", str(path)], check=True)


def measure(path: str) -> None:
    """Print the seconds of every reduction, and the most memory this process held."""
    import duckdb

    before = peak_of_this_process()
    for name, (work, _) in CASES.items():
        if name == "readmissions by facility":
            continue  # minutes, spent on the pairs that the one before has shown
        start = time.perf_counter()
        work(duckdb.read_parquet(path))
        print(f"  {name:<34} {time.perf_counter() - start:7.2f} s", flush=True)
    peak = peak_of_this_process()
    print(
        f"  most memory held: {peak / 1000:.1f} GB, of which the libraries {before / 1000:.1f} GB"
    )


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=["reductions", "breakdowns", "page", "duckdb"])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--times", action="store_true", help="dates with hours and minutes")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        measure(given.measure)
        return
    print(f"python {sys.version.split()[0]}, pandas {pd.__version__}, narwhals {nw.__version__}, "
          f"{given.rows:,} stays")  # fmt: skip
    if given.only != "page":
        table = caremap.open_file(stays(given.rows, given.times), "stays.csv").table
        if given.only in (None, "reductions"):
            show_reductions(table, given.runs)
        if given.only in (None, "breakdowns"):
            show_breakdowns(table, given.runs)
        if given.only in (None, "duckdb"):
            with tempfile.TemporaryDirectory() as folder:
                show_duckdb(table, 10, Path(folder))
        del table
    if given.only in (None, "page"):
        show_page(given.rows, given.runs)


if __name__ == "__main__":
    main()
