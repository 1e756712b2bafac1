"""CareMap's forecast against AutoETS, AutoARIMA, AutoTheta and Prophet on daily series.

    .venv/bin/python benchmarks/forecast.py FOLDER            # of csv files: ds, y
    .venv/bin/python benchmarks/forecast.py FOLDER --rivals AutoETS Prophet
    .venv/bin/python benchmarks/forecast.py FOLDER --until 336 --country US:CA

The last 1,826 days of each series, 12 origins 28 days apart, 14 days ahead. At every origin a
model knows nothing but the days before it; CareMap's own backtest is done anew at each. Rivals
run where they are installed (`requirements-bench.txt`; another environment's interpreter will
do: `--rivals-only` fills the cache it shares with this one). Seconds are of one core, children
included; forecasts are kept in `--cache` outside the repository, so that a second run is quick.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import resource
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

LAST, ORIGINS, APART, HORIZON = 1826, 12, 28, 14
BOUNDS = [f"{side}_{level}" for level in (80, 95) for side in ("low", "high")]
OURS, YARDSTICK = "CareMap", "historical average"
Run = Callable[[pd.Series], pd.DataFrame]


def seconds() -> float:
    """Processor time of this process and of those it started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def caremap(country: str) -> Run:
    sys.path.insert(0, str(Path(__file__).parents[1]))  # the project is run, not installed
    from caremap.forecasting import forecast

    code, _, region = country.partition(":")

    def run(known: pd.Series) -> pd.DataFrame:
        ahead = forecast(known, HORIZON, country=code or None, region=region or None)
        total = ahead.total.add_prefix("total_").drop("total_mean")
        return ahead.frame.assign(**total).drop(columns="date")

    return run


def average(known: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"mean": np.full(HORIZON, known.mean())})


def nixtla(name: str) -> Run:
    os.environ["NIXTLA_ID_AS_COL"] = "1"
    from statsforecast import models

    def run(known: pd.Series) -> pd.DataFrame:
        model = getattr(models, name)(season_length=7)
        found = model.forecast(y=known.to_numpy(), h=HORIZON, level=[80, 95])
        ends = [found[f"{side}-{level}"] for level in (80, 95) for side in ("lo", "hi")]
        return pd.DataFrame({"mean": found["mean"], **dict(zip(BOUNDS, ends, strict=True))})

    return run


def prophet() -> Run:
    from prophet import Prophet

    logging.disable(logging.CRITICAL)

    def run(known: pd.Series) -> pd.DataFrame:
        before = seconds()
        model = Prophet().fit(known.rename_axis("ds").rename("y").reset_index())
        fit = seconds() - before  # time is measured in fits, without their predictions
        days = model.make_future_dataframe(HORIZON, include_history=False)
        np.random.seed(0)
        draws = model.predictive_samples(days)["yhat"]
        ends = np.quantile(draws, [0.1, 0.9, 0.025, 0.975], axis=1)
        bounds = dict(zip(BOUNDS, ends, strict=True))
        return pd.DataFrame({"mean": model.predict(days)["yhat"], **bounds, "seconds": fit})

    return run


def rivals(names: list[str]) -> dict[str, Run]:
    """The rivals that are installed."""
    found: dict[str, Run] = {}
    for name in names:
        try:
            found[name] = prophet() if name == "Prophet" else nixtla(name)
        except ImportError:
            continue
    return found


def tested(series: pd.Series, run: Run) -> pd.DataFrame:
    """Forecasts at every origin beside what came, and what each took."""
    first = len(series) - HORIZON - APART * (ORIGINS - 1)
    frames = []
    for known in range(first, len(series), APART):
        before = seconds()
        frame = run(series.iloc[:known])
        if "seconds" not in frame:
            frame = frame.assign(seconds=seconds() - before)
        ahead = series.iloc[known : known + HORIZON]
        days = {"origin": series.index[known - 1], "date": ahead.index, "actual": ahead.to_numpy()}
        frames.append(frame.assign(**days))
    return pd.concat(frames, ignore_index=True)


def kept(cache: Path, series: pd.Series, name: str, run: Run | None) -> pd.DataFrame | None:
    """What `tested` returns, from the cache where it is there; None where neither is."""
    content = series.to_csv().encode()
    test = f"{ORIGINS}x{APART}-{HORIZON}"
    path = cache / f"{name}-{test}-{hashlib.sha256(content).hexdigest()[:16]}.csv"
    if path.exists():
        return pd.read_csv(path, parse_dates=["origin", "date"])
    if run is None:
        return None
    frame = tested(series, run)
    cache.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False)
    return frame


def winkler(days: pd.DataFrame, level: int) -> float:
    low, high = days[f"low_{level}"], days[f"high_{level}"]
    outside = (low - days["actual"]).clip(lower=0) + (days["actual"] - high).clip(lower=0)
    return float((high - low + 2 / (1 - level / 100) * outside).mean())


def measured(days: pd.DataFrame, series: pd.Series) -> dict[str, float]:
    """The scores of one model on one series."""
    known = len(series) - HORIZON - APART * (ORIGINS - 1)
    before = series.to_numpy()[:known]
    miss = days["actual"] - days["mean"]
    totals = days.groupby("origin")[["actual", "mean"]].sum()
    found = {
        "mase": miss.abs().mean() / np.abs(before[7:] - before[:-7]).mean(),
        "mae": miss.abs().mean(),
        "rmse": np.sqrt((miss**2).mean()),
        "r2": 1 - (miss**2).mean() / days["actual"].var(ddof=0),
        "total": (abs(totals["mean"] - totals["actual"]) / totals["actual"]).mean() * 100,
        "seconds": days["seconds"].groupby(days["origin"]).first().median(),
    }
    for level in (80, 95):
        if f"low_{level}" in days:
            inside = days["actual"].between(days[f"low_{level}"], days[f"high_{level}"])
            found[f"cover{level}"] = 100 * inside.mean()
            found[f"winkler{level}"] = winkler(days, level)
    if "total_low_80" in days:
        ends = days.groupby("origin")[["total_low_80", "total_high_80"]].first()
        held = totals["actual"].between(ends["total_low_80"], ends["total_high_80"])
        found["total80"] = 100 * held.mean()
    return {name: float(value) for name, value in found.items()}


def read(path: Path, until: int) -> pd.Series:
    days = pd.read_csv(path, parse_dates=["ds"]).set_index("ds")["y"].astype("float64")
    return (days.iloc[:-until] if until else days).iloc[-LAST:]


def goals(table: pd.DataFrame) -> list[tuple[str, str, float, bool]]:
    """Every goal, its bounds, what was reached, and whether that will do."""
    by = {name: table.xs(name, level="model") for name in table.index.unique("model")}
    ours, average_ = by[OURS], by[YARDSTICK]
    rows: list[tuple[str, str, float, bool]] = []

    def add(what: str, value: float, low: float, high: float) -> None:
        rows.append((what, f"{low:g} to {high:g}", value, low <= value <= high))

    add("mean MASE", ours["mase"].mean(), 0, 0.71)
    limits = {"AutoETS": 0.955, "AutoARIMA": 0.90, "Prophet": 0.85}
    there = {name: by[name] for name in limits if name in by}
    for name, rival in there.items():
        ratio = np.exp(np.log(ours["mae"] / rival["mae"]).mean())
        add(f"MAE over {name}'s (geometric mean)", ratio, 0, limits[name])
    if "AutoARIMA" in there:
        ratio = (ours["mae"] / there["AutoARIMA"]["mae"]).max()
        add("largest MAE over AutoARIMA's", ratio, 0, 0.99999)
    if there:
        best = pd.concat([rival["mae"] for rival in there.values()], axis=1).min(axis=1)
        add("largest MAE over the best rival's", (ours["mae"] / best).max(), 0, 1.05)
    add("RMSE below the average, %", 100 * (1 - ours["rmse"] / average_["rmse"]).mean(), 27, 100)
    add("80 % coverage", ours["cover80"].mean(), 78, 82)
    add("80 % coverage, least", ours["cover80"].min(), 74, 86)
    add("80 % coverage, most", ours["cover80"].max(), 74, 86)
    add("95 % coverage", ours["cover95"].mean(), 94, 97)
    if "Prophet" in there:
        for level in (80, 95):
            ratio = ours[f"winkler{level}"] / there["Prophet"][f"winkler{level}"]
            add(f"Winkler {level} % over Prophet's", np.exp(np.log(ratio).mean()), 0, 0.9)
    add("error of totals, %", ours["total"].mean(), 0, 5)
    add("coverage of totals' 80 %", ours["total80"].mean(), 76, 84)
    if "Prophet" in there:
        ratio = ours["seconds"].mean() / there["Prophet"]["seconds"].mean()
        add("time in Prophet fits", ratio, 0, 10)
    return rows


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("folder", type=Path)
    ask.add_argument(
        "--rivals", nargs="*", default=["AutoETS", "AutoARIMA", "AutoTheta", "Prophet"]
    )
    ask.add_argument("--rivals-only", action="store_true", help="fill the cache with rivals")
    ask.add_argument("--until", type=int, default=0, help="days left out at the end of each")
    ask.add_argument("--country", default="", help="holidays, as US or US:CA; else none chosen")
    ask.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "caremap-bench")
    given = ask.parse_args()
    warnings.simplefilter("ignore")
    installed = rivals(given.rivals)
    ours = None if given.rivals_only else caremap(given.country)
    rows = {}
    for path in sorted(given.folder.glob("*.csv")):
        series = read(path, given.until)
        runs = {name: kept(given.cache, series, name, installed.get(name)) for name in given.rivals}
        if ours:
            runs |= {OURS: tested(series, ours), YARDSTICK: tested(series, average)}
        for name, days in runs.items():
            if days is not None:
                rows[path.stem, name] = measured(days, series)
        print(f"{path.stem} done", file=sys.stderr, flush=True)
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index = pd.MultiIndex.from_tuples(table.index, names=["series", "model"])
    with pd.option_context("display.width", 200, "display.max_columns", 30):
        print(table.round(3).to_string())
        print(table.groupby(level="model").mean().round(3).to_string())
    if ours:
        for what, bounds, value, reached in goals(table):
            print(f"{'reached' if reached else 'MISSED ':8} {value:8.3f}  {bounds:12}  {what}")


if __name__ == "__main__":
    main()
