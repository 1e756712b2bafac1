"""A rerun of the overview page on 10,000 stays against a rerun of the empty page.

    .venv/bin/python benchmarks/page.py

Prints the median of several reruns of each and their ratio. The baseline is the same app,
in the same process, before anything is loaded: what Streamlit itself costs.
"""

from __future__ import annotations

import io
import logging
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[1] / "streamlit_app.py"
ROWS, RUNS = 10_000, 9


def stays() -> bytes:
    """Five years of stays in twelve columns."""
    chance = np.random.default_rng(1)
    admitted = pd.Timestamp("2019-01-01") + pd.to_timedelta(chance.integers(0, 1826, ROWS), "D")
    frame = pd.DataFrame(
        {
            "Patient ID": chance.integers(0, 8000, ROWS),
            "Admission Date": admitted,
            "Discharge Date": admitted + pd.to_timedelta(chance.integers(0, 20, ROWS), "D"),
            "Facility": chance.choice(["North", "South", "East"], ROWS),
            "Department": chance.choice(["Surgery", "Medicine", "Oncology"], ROWS),
            "Age": chance.integers(0, 95, ROWS),
            "Cost": chance.lognormal(9, 1, ROWS).round(2),
        }
    )
    text = io.StringIO()
    frame.to_csv(text, index=False)
    return text.getvalue().encode()


def median_rerun(at: AppTest) -> float:
    """The median time of a rerun in which nothing changed."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        at.run()
        times.append(time.perf_counter() - start)
        assert not at.exception
    return statistics.median(times)


def main() -> None:
    """Print both medians and their ratio."""
    logging.disable(logging.WARNING)
    at = AppTest.from_file(str(APP), default_timeout=120).run()
    at.switch_page("pages/overview.py").run()
    empty = median_rerun(at)
    at.switch_page("pages/data.py").run()
    at.file_uploader[0].upload("stays.csv", stays(), "text/csv").run()
    at.switch_page("pages/overview.py").run()
    full = median_rerun(at)
    print(f"python {sys.version.split()[0]}, {ROWS:,} stays, median of {RUNS} reruns")
    print(f"empty overview    {empty:.3f} s (baseline)")
    print(f"overview, loaded  {full:.3f} s   {full / empty:.1f} times the baseline")


if __name__ == "__main__":
    main()
