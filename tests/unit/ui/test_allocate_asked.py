"""What is asked of an allocation, and what the page makes of tables that were typed over."""

from __future__ import annotations

import pandas as pd
import pytest

from caremap.planning import Allocation
from caremap.problems import DataProblem
from caremap.ui import allocate_recipes, allocate_scarce
from caremap.ui.allocate_asked import Asked
from caremap.ui.allocate_tables import Origin

GROUPS = pd.DataFrame({"area": ["North", "South", "North"], "demand": [4, 5, 6]})


def asked(*, floors: float = 0.0, promises: pd.DataFrame | None = None, **origins: Origin) -> Asked:
    empty = pd.DataFrame({"area": pd.Series(dtype="str"), "share": pd.Series(dtype="float64")})
    tables = {"groups": GROUPS, "promises": empty if promises is None else promises}
    return Asked("scarce", tables, {"floors": floors}, (), "units", origins=origins)


@pytest.mark.parametrize(
    ("origins", "example", "said"),
    [
        ({"groups": "data"}, False, "The data that is loaded"),
        ({"groups": "example"}, True, "An invented example: none of it is real data"),
        ({"groups": "data", "supply": "example"}, True, "An invented example"),
        ({"groups": "data", "supply": "typed"}, False,
         "The data that is loaded and tables typed in on this page"),
        ({"groups": "uploaded", "supply": "uploaded"}, False, "Tables uploaded on this page"),
    ],
)  # fmt: skip
def test_an_example_is_called_one_whatever_stands_beside_it(
    origins: dict[str, Origin], example: bool, said: str
) -> None:
    one = asked(**origins)
    assert one.example is example
    assert one.where_from.startswith(said)


def test_the_key_of_an_allocation_changes_with_everything_it_depends_on() -> None:
    promised = pd.DataFrame({"area": ["North"], "share": [50.0]})
    keys = [asked().digest, asked(floors=0.5).digest, asked(promises=promised).digest]
    assert len(set(keys)) == 3
    assert asked().digest == asked(groups="data").digest


@pytest.mark.parametrize(
    ("floors", "promises", "shares"),
    [
        (0.0, [], None),
        (0.3, [], {"North": 0.3, "South": 0.3}),
        (0.3, [("South", 60.0)], {"North": 0.3, "South": 0.6}),
        (0.3, [("South", 0.0)], {"North": 0.3, "South": 0.0}),
        (0.0, [("South", 100.0)], {"North": 0.0, "South": 1.0}),
    ],
)
def test_an_area_is_promised_what_was_typed_for_it_and_else_what_all_are(
    floors: float, promises: list[tuple[str, float]], shares: dict[str, float] | None
) -> None:
    typed = pd.DataFrame(promises, columns=["area", "share"]).astype({"share": "float64"})
    found = allocate_scarce.floors_of(asked(floors=floors, promises=typed))
    assert shares == (None if found is None else found.set_index("area")["share"].to_dict())


@pytest.mark.parametrize("row", [("East", 50.0), ("North", 101.0)])
def test_a_promise_that_cannot_be_meant_is_refused(row: tuple[str, float]) -> None:
    typed = pd.DataFrame([row], columns=["area", "share"])
    with pytest.raises(DataProblem):
        allocate_scarce.floors_of(asked(promises=typed))


def test_pairs_of_several_groups_are_told_apart() -> None:
    sent = pd.DataFrame(
        {"from": "Supply", "to": ["South", "South"], "units": [2, 3], "km": float("nan"),
         "group": ["A", "B"], "period": ["Week 1", None]}
    )  # fmt: skip
    nothing = pd.DataFrame()
    made = Allocation("scarce", sent, nothing, nothing, {}, "good outcomes", True)
    recipe = allocate_recipes.sent(asked(), made)
    frame = recipe.work(None, **recipe.given)
    assert frame["to"].tolist() == ["South, A, Week 1", "South, B"]
    assert not {"group", "period"} & set(frame)
