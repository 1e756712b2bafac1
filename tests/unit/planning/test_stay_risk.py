from __future__ import annotations

import dataclasses
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import caremap
from caremap.charts import risk_groups_figure
from caremap.dataset import Dataset
from caremap.planning import StayRisk, stay_risk
from caremap.planning.model_card import NOT_A_DEVICE, model_card
from caremap.planning.risk_bands import long_from
from caremap.planning.risk_drivers import importance
from caremap.planning.risk_features import Coded, coded
from caremap.planning.risk_scores import auroc, calibration_error
from caremap.problems import DataProblem
from tests.unit.planning.build_risk import dataset, table

IN_WORDS = {"linear": "a linear model", "random forest": "a random forest", "XGBoost": "XGBoost ("}
BANDS = ["0-10", "11-20", "21-30", "31-40", "More than 40 Days"]


@pytest.fixture(scope="module")
def found() -> StayRisk:
    return stay_risk(dataset(3_000))


def assert_same(one: StayRisk, other: StayRisk) -> None:
    for item in dataclasses.fields(StayRisk):
        a, b = getattr(one, item.name), getattr(other, item.name)
        if isinstance(a, pd.DataFrame):
            pd.testing.assert_frame_equal(a, b)
        else:
            assert str(a) == str(b), item.name


def test_a_signal_is_found_and_told_beside_the_baseline(found: StayRisk) -> None:
    assert found.better and found.chosen != "baseline" and not found.suspicion
    assert found.metrics["auroc"] > found.baseline["auroc"] + 0.1
    assert found.metrics["mae"] < found.baseline["mae"]
    assert found.metrics["brier_skill"] > 0.05 and found.baseline["brier_skill"] == 0
    assert found.metrics["calibration_error"] < 0.06
    assert set(found.models["model"]) == {"baseline", "linear", "random forest", "XGBoost"}
    assert found.models["brier"].is_monotonic_increasing
    assert found.models["model"].iloc[0] == found.chosen
    assert set(found.importance["column"][:2]) == {"frail", "age"}
    assert found.importance.set_index("column").loc["colour", "drop"] < 0.02
    assert set(found.group_importance["group"]) == {"Medicine", "Surgery"}


def test_every_figure_follows_from_the_predictions(found: StayRisk) -> None:
    rows, told = found.predictions, found.metrics
    ended = rows.dropna(subset="stay")
    off = (ended["median"] - ended["stay"]).abs()
    held = ended["stay"].between(ended["low_80"], ended["high_80"])
    squares = ((ended["predicted"] - ended["stay"]) ** 2).sum()
    assert told["n"] == len(rows) and told["long"] == rows["long"].sum()
    assert told["auroc"] == auroc(rows["long"], rows["risk"])
    assert told["calibration_error"] == calibration_error(rows["long"], rows["risk"])
    assert told["mae"] == pytest.approx(off.mean())
    assert told["coverage_80"] == pytest.approx(100 * held.mean())
    spread = ((ended["stay"] - ended["stay"].mean()) ** 2).sum()
    assert told["r2"] == pytest.approx(1 - squares / spread)
    assert (ended["long"] == (ended["stay"] > found.over)).all()
    assert 75 < told["coverage_80"] < 90
    assert (rows["low_80"] <= rows["median"]).all() and (rows["median"] <= rows["high_80"]).all()
    assert ((rows["median"] > found.over) == (rows["risk"] > 0.5)).mean() > 0.99
    assert found.calibration["n"].sum() == len(rows)


def test_patients_in_hospital_come_by_risk(found: StayRisk) -> None:
    stays = table(3_000)
    still = stays[stays["discharged"].isna()]
    now = found.current
    assert sorted(now["stay_id"]) == sorted(still["stay_id"])
    assert now["risk"].is_monotonic_decreasing
    assert (now["so_far"] == (found.as_of - now["admitted"]).dt.days).all()
    assert (now["risk"][now["so_far"] >= 7] == 1).all() and (now["high_80"] > now["so_far"]).all()
    assert found.bed_days["patients"].iloc[0] < len(now)
    assert found.bed_days["patients"].is_monotonic_decreasing
    frail = now[now["so_far"] == 0].merge(stays[["stay_id", "frail"]], on="stay_id")
    by = frail.groupby("frail")["risk"].mean()
    assert by["yes"] > by["no"]


def test_the_card_says_what_it_is_and_what_it_is_not(found: StayRisk) -> None:
    assert list(found.card)[-1] == "Not a medical device"
    assert found.card["Not a medical device"] == NOT_A_DEVICE
    assert f"{found.metrics['n']:,.0f} stays" in found.card["Data"]
    assert f"AUROC {found.metrics['auroc']:.3f} (simple rule" in found.card["How good it is"]
    assert "Stay number: " in found.card["Left out"]
    assert f"In use: {IN_WORDS[found.chosen]}" in found.card["Model"]
    assert found.better_in and " and in ".join(found.better_in) in found.card["Model"]
    assert all(text.strip() for text in found.card.values())


def test_the_card_has_no_name_of_the_inner_workings(found: StayRisk) -> None:
    said = " ".join(found.card.values())
    for name in ("stay_id", "length_of_stay", "baseline", "admission_type"):
        assert name not in said


def test_the_card_judges_groups_as_the_figure_does(found: StayRisk) -> None:
    groups = pd.DataFrame({
        "dimension": ["Age band"] * 2 + ["Gender"], "group": ["0-64", "65+", "F"], "n": 900,
        "mae": 2.0, "rate": 0.1, "mean_risk": 0.1, "calibration_gap": [0.021, 0.06, 0.021],
        "low": [0.001, 0.04, 0.001], "high": [0.041, 0.08, 0.041], "auroc": 0.7,
    })  # fmt: skip
    said = model_card(replace(found, fairness=groups))["Fairness"]
    assert "In 2 of them the risk is off beyond chance" in said  # not 0-64, one of two compared
    assert "age band 65+: 6.0 percentage points too high" in said
    figures = {
        name: risk_groups_figure(rows.drop(columns="dimension"), name, long="a long stay").title
        for name, rows in groups.groupby("dimension")
    }
    assert figures == {
        "Age band": "Risk is too high in 65+ (by 6.0 points), beyond chance",
        "Gender": "Risk is too high in F (by 2.1 points), beyond chance",
    }


def test_the_order_of_the_rows_does_not_matter_and_nothing_is_changed() -> None:
    stays = table(500)
    before = stays.copy(deep=True)
    mixed = stays.sample(frac=1, random_state=3).set_axis(np.arange(500) % 17)
    assert_same(stay_risk(Dataset(stays=stays)), stay_risk(Dataset(stays=mixed)))
    pd.testing.assert_frame_equal(stays, before)


@pytest.mark.parametrize(("seed", "dated"), [(1, True), (2, True), (3, False)])
def test_nothing_is_claimed_of_shuffled_lengths(seed: int, dated: bool) -> None:
    stays = table(700, dated=dated, seed=seed)
    order = np.random.default_rng(seed).permutation(len(stays))
    if dated:
        nights = (stays["discharged"] - stays["admitted"]).iloc[order].to_numpy()
        stays["discharged"] = stays["admitted"] + nights
        stays = stays.drop(columns="length_of_stay")
    else:
        stays["length_of_stay"] = stays["length_of_stay"].to_numpy()[order]
    found = stay_risk(Dataset(stays=stays), 5)
    assert not found.better and found.chosen == "baseline" and not found.suspicion
    assert dict(found.metrics) == dict(found.baseline)
    assert any("nothing is claimed" in note for note in found.notes)
    assert "nothing is claimed" in found.card["Model"]


def test_without_dates_nobody_is_in_hospital() -> None:
    found = stay_risk(dataset(600, dated=False), "top tenth", models=["linear"])
    assert found.as_of is None and found.current.empty and found.bed_days.empty
    assert found.predictions["long"].mean() <= 0.1
    assert found.over == table(600, dated=False)["length_of_stay"].quantile(0.9)
    assert found.predictions["admitted"].isna().all()


def test_what_knows_the_stay_is_left_out_and_said_to_leak_where_it_is_kept() -> None:
    stays = table(800, dated=False)
    noise = np.random.default_rng(1).normal(0, 1.5, 800)
    stays["Severity of illness"] = np.digitize(stays["length_of_stay"] + noise, [2, 5, 9]) * 1.0
    without = stay_risk(Dataset(stays=stays), models=["linear"])
    kept = stay_risk(Dataset(stays=stays), models=["linear"], keep=["all"])
    assert "Severity of illness" in without.left_out and not without.suspicion
    assert "Severity of illness" in kept.used and "leaking" in kept.suspicion
    assert kept.metrics["auroc"] > without.metrics["auroc"] + 0.05
    assert list(kept.card)[0] == "Suspicion"


def test_progress_is_told_and_may_stop_it() -> None:
    told: list[float] = []

    def stop(stage: str, part: float) -> None:
        told.append(part)
        if part > 0.5:
            raise KeyboardInterrupt(stage)

    with pytest.raises(KeyboardInterrupt):
        stay_risk(dataset(400), progress=stop)
    assert told == sorted(told)


def test_few_stays_are_a_problem_in_words() -> None:
    with pytest.raises(DataProblem, match="200 are needed"):
        stay_risk(dataset(150))


@pytest.mark.parametrize(
    ("over", "first", "nights"),
    [(7, 1, 10), (10, 1, 10), (11, 2, 20), (39, 4, 40), (400, 4, 40), ("top tenth", 3, 30)],
)
def test_a_band_is_long_where_all_of_it_is(over: float | str, first: int, nights: float) -> None:
    places = np.repeat([0, 1, 2, 3, 4], [40, 30, 21, 5, 4])
    assert long_from(BANDS, over, places) == (first, nights)


def test_bands_are_classes_with_an_order() -> None:
    stays = table(2_400, dated=False).rename(columns={"length_of_stay": "Stay"})
    place = np.digitize(stays["Stay"], [3, 6, 9, 14])
    stays["Stay"] = np.array(BANDS)[place]
    loaded = caremap.open_all(stays.to_csv(index=False).encode(), name="bands.csv")
    found = stay_risk(Dataset.of(loaded))
    assert found.bands == tuple(BANDS) and found.over == 10
    assert found.better and found.metrics["accuracy"] > found.baseline["accuracy"]
    assert found.better_in == ("the chances of the bands", "the band it names")
    rows = found.predictions
    assert rows["stay"].value_counts(normalize=True).max() == pytest.approx(
        found.metrics["majority"]
    )
    assert found.metrics["accuracy"] == (rows["stay"] == rows["predicted"]).mean()
    assert found.metrics["within_one"] == ((rows["stay"] - rows["predicted"]).abs() <= 1).mean()
    assert found.metrics["within_one"] > found.metrics["accuracy"]
    assert (rows["long"] == (rows["stay"] >= 1)).all()
    assert 75 < found.metrics["coverage_80"] < 95
    assert "band" in found.card["What it is for"] and found.bed_days.empty
    assert found.importance["column"].iloc[0] in {"frail", "age"}


def test_of_bands_no_better_named_than_by_the_largest_alone_that_is_not_claimed() -> None:
    random = np.random.default_rng(5)
    frail = random.choice(["no", "yes"], 2_000)
    place = (random.random(2_000) < np.where(frail == "yes", 0.4, 0.1)).astype("int64")
    place[:30] = 2
    stays = table(2_000, dated=False).rename(columns={"length_of_stay": "Stay"})
    stays = stays.assign(frail=frail, Stay=np.array(BANDS)[place])
    loaded = caremap.open_all(stays.to_csv(index=False).encode(), name="bands.csv")
    found = stay_risk(Dataset.of(loaded), models=["linear"])
    assert found.better and found.better_in == ("the chances of the bands",)
    assert found.metrics["accuracy"] <= found.metrics["majority"]
    assert any("not right more often" in note for note in found.notes)


def test_a_column_nobody_looks_at_matters_not_at_all() -> None:
    random = np.random.default_rng(0)
    rows = coded(pd.DataFrame({"used": random.random(500), "idle": random.random(500)}))
    long = rows.numbers[:, 0] > 0.5

    def predict(given: Coded) -> np.ndarray:
        return given.numbers[:, 0]

    found = importance(predict, rows, long, auroc).set_index("column")
    assert found.loc["idle"].tolist() == [0, 0, 0]
    assert found.loc["used", "drop"] == pytest.approx(0.5, abs=0.05)
    assert found.loc["used", "low"] <= found.loc["used", "drop"] <= found.loc["used", "high"]
