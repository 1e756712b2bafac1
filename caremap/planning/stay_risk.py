"""The length of a stay and the risk of a long one, from what is known at admission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from caremap.dataset import Dataset
from caremap.planning.admission import admission_table, headers_of
from caremap.planning.by_header import ByHeader
from caremap.planning.progress import Progress, silent
from caremap.planning.risk import StayRisk
from caremap.planning.risk_bands import bands_risk
from caremap.planning.risk_result import risk_of

__all__ = ["stay_risk"]


def stay_risk(
    dataset: Dataset,
    over: float | str = 7,
    *,
    keep: Sequence[str] = (),
    models: Sequence[str] | None = None,
    progress: Progress | None = None,
    seed: int = 0,
) -> StayRisk:
    """Predict lengths of stay and the risk of a long one, and say how good that is.

    Parameters
    ----------
    dataset
        With stays that have a length (or admission and discharge dates).
    over
        Nights a stay has to last more than to be long, or "top tenth".
    keep
        Columns left out by themselves that are used nevertheless, or ``("all",)``: for seeing
        what a leak does. The result then says that it leaks.
    models
        Some of "linear", "random forest" and "XGBoost"; all by default. The baseline is
        always there.
    progress
        Told the stage and how much is done, 0 to 1.
    seed
        Of everything random: the same data and seed give the same result, in any order of rows.

    Returns
    -------
    StayRisk
        The chosen model beside the baseline, what it rests on and for whom it holds.

    Raises
    ------
    caremap.DataProblem
        Where fewer than 200 stays, 20 long or 20 short ones have a known length.

    Notes
    -----
    Everything told of a model is of stays it had not seen: later ones where there are dates.
    The mean absolute error is that of the predicted median, R² that of the predicted mean.
    Expected calibration error: over tenths of the risk, of as many stays each.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> random = np.random.default_rng(1)
    >>> frail = random.choice(["no", "yes"], 400)
    >>> nights = random.poisson(np.where(frail == "yes", 8, 4)).astype(float)
    >>> stays = pd.DataFrame({"frail": frail, "length_of_stay": nights})
    >>> found = stay_risk(Dataset(stays=stays), over=6, models=["linear"])
    >>> found.chosen, found.better, found.used, found.metrics["auroc"] > 0.7
    ('linear', True, ('frail',), True)
    """
    told = progress or silent
    told("Reading what is known at admission", 0.0)
    admission = admission_table(dataset, keep=keep)
    work = bands_risk if admission.bands else risk_of
    found = work(admission, over, models=models, progress=told, seed=seed)
    return replace(found, left_out=ByHeader(found.left_out, headers_of(dataset)))
