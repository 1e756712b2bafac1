"""A work file: everything comes back, and nothing that was tampered with is believed."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.problems import DataProblem
from caremap.schema import FIELDS
from caremap.workfile import Beds, Counting, Work, WorkFile, WorkTable, is_work, opened, save
from caremap.workfile.archive import LARGEST, MANIFEST, MOST_FILES

WORK = Work(
    files=(
        WorkFile(
            "april.csv",
            b"Ward,Admission Date\nA,2024-04-01\n",
            (WorkTable(None, {"department": "Ward", "cost": ["a", "b"], "region": None},
                       {"dates": "day-first", "keep": ("Ward",), "header_row": 0}, "yours"),),
            ("cp1252", "utf-8"),
        ),
        WorkFile(
            "beds.xlsx",
            bytes(range(256)) * 9,
            (WorkTable("Beds"), WorkTable("Beds", {"role": "Role"}, {"kind": "staff"}, "", True)),
            sample=True,
        ),
    ),
    filters={"facility": ("North", "São “João”"), "region": ()},
    start=dt.date(2024, 1, 1),
    as_of=dt.date(2024, 4, 30),
    counting=Counting(1, False, "admitted", 60),
    beds=Beds({"North": 12.0, "South": 0.0}, "department"),
    picked={"age_band": ("90+", "Unknown")},
    scenarios="Winter demand=20",
)  # fmt: skip


def test_what_was_saved_is_opened_again() -> None:
    assert opened(save(WORK)) == WORK
    assert save(opened(save(WORK))) == save(WORK)
    assert is_work(save(WORK))


def test_a_file_saved_before_there_were_scenarios_opens_without_any() -> None:
    told = manifest()
    del told["scenarios"]
    assert opened(with_manifest(told)) == replace(WORK, scenarios="")


def test_it_holds_a_readable_manifest_and_the_files_as_they_were() -> None:
    with zipfile.ZipFile(io.BytesIO(save(WORK))) as archive:
        assert archive.namelist() == [MANIFEST, "files/1", "files/2"]
        assert archive.read("files/2") == WORK.files[1].data
        assert json.loads(archive.read(MANIFEST))["filters"]["facility"][0] == "North"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
names = st.dictionaries(texts, st.lists(texts, max_size=3).map(tuple), max_size=3)
days = st.none() | st.dates(dt.date(1000, 1, 1))
options = st.fixed_dictionaries(
    {},
    optional={
        "dates": st.sampled_from(["day-first", "repair", None])
        | st.dictionaries(texts, st.just("month-first"), max_size=2),
        "kind": st.sampled_from(["stays", "lookup"]),
        "header_row": st.integers(0, 9_999),
        "keep": st.lists(texts, max_size=3).map(tuple),
        "decimal": st.sampled_from([",", ".", ""]),
        "encoding": st.sampled_from(["Windows-1252", ""]),
        "separator": st.sampled_from(["\t", ";", ""]),
    },
)
columns = st.none() | texts | st.lists(texts, max_size=3)
tables = st.builds(
    WorkTable,
    st.none() | texts,
    st.dictionaries(st.sampled_from(sorted(FIELDS)), columns, max_size=4),
    options,
    texts,
    st.booleans(),
)
work_files = st.builds(
    WorkFile,
    texts.filter(bool),
    st.binary(max_size=200),
    st.lists(tables, min_size=1, max_size=3).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
    st.booleans(),
)
numbers = st.integers(0, 100_000).map(float)
beds = st.none() | st.builds(
    Beds,
    numbers | st.dictionaries(texts, numbers, max_size=3),
    st.sampled_from(["facility", "department", "ward"]),
)
filters = st.dictionaries(
    st.sampled_from(["facility", "department", "region"]), st.lists(texts, max_size=3).map(tuple)
)
counting = st.builds(
    Counting,
    st.integers(0, 1),
    st.booleans(),
    st.sampled_from(["admitted", "discharged"]),
    st.integers(1, 5000),
)
works = st.builds(
    Work, st.lists(work_files, max_size=3).map(tuple), filters, days, days, days, counting, beds,
    names,
)  # fmt: skip


@given(works)
def test_any_work_is_opened_as_it_was_saved(work: Work) -> None:
    assert opened(save(work)) == work


@given(st.binary(max_size=300), st.integers(0, 5000), st.integers(0, 40))
def test_damage_anywhere_is_a_data_problem_or_does_no_harm(
    noise: bytes, at: int, length: int
) -> None:
    data = save(WORK)
    at %= len(data)
    damaged = data[:at] + noise + data[at + length :]
    try:
        assert opened(damaged) == WORK
    except DataProblem as problem:
        assert problem.message.endswith(".")
        assert problem.hint


@given(st.binary(max_size=400))
def test_any_bytes_are_a_data_problem(noise: bytes) -> None:
    for data in (noise, b"PK\x03\x04" + noise, noise + save(WORK)[-22:]):
        with pytest.raises(DataProblem):
            opened(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a manifest."""
    inner = (
        value.items() if isinstance(value, dict)
        else enumerate(value) if isinstance(value, list) else ()
    )  # fmt: skip
    return [at, *(place for key, one in inner for place in places(one, (*at, key)))]


def manifest(work: Work = WORK) -> Any:
    with zipfile.ZipFile(io.BytesIO(save(work))) as archive:
        return json.loads(archive.read(MANIFEST))


def with_manifest(told: Any, work: Work = WORK) -> bytes:
    text = told if isinstance(told, bytes) else json.dumps(told).encode()
    return packed(
        [(MANIFEST, text), *((f"files/{n}", f.data) for n, f in enumerate(work.files, 1))]
    )


def packed(parts: list[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w", compression) as archive:
        warnings.simplefilter("ignore")  # that a name is there twice
        for name, data in parts:
            archive.writestr(name, data)
    return held.getvalue()


PLACES = places(manifest())


@given(st.sampled_from(PLACES), json_values)
def test_anything_anywhere_in_the_manifest_is_a_data_problem_or_a_work(
    place: tuple[Any, ...], value: Any
) -> None:
    told = {"": manifest()}
    inner: Any = told
    for key in ("", *place)[:-1]:
        inner = inner[key]
    inner[("", *place)[-1]] = value
    try:
        work = opened(with_manifest(told[""]))
    except DataProblem:
        return
    assert opened(save(work)) == work


def changed(**parts: Any) -> bytes:
    return with_manifest({**manifest(), **parts})


def of_file(**parts: Any) -> bytes:
    told = manifest()
    told["files"][0].update(parts)
    return with_manifest(told)


def of_table(**parts: Any) -> bytes:
    told = manifest()
    told["files"][0]["tables"][0].update(parts)
    return with_manifest(told)


def parts(**extra: bytes) -> list[tuple[str, bytes]]:
    told = [(MANIFEST, json.dumps(manifest()).encode())]
    return [*told, *((f"files/{n}", f.data) for n, f in enumerate(WORK.files, 1))]


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "no archive": (lambda: b"Ward,Beds\nA,1\n", "not a work file"),
    "cut off": (lambda: save(WORK)[:-30], "not a work file"),
    "another zip": (lambda: packed([("a.txt", b"1")]), "manifest is missing"),
    "a part too many": (lambda: packed([*parts(), ("files/3", b"")]), "lacks a file"),
    "a part missing": (lambda: packed(parts()[:-1]), "its files"),
    "a part twice": (lambda: packed([*parts(), ("files/1", b"x")]), "twice"),
    "a path upwards": (lambda: packed([*parts()[:-1], ("../evil", b"x")]), "do not belong"),
    "an absolute path": (lambda: packed([*parts()[:-1], ("/etc/passwd", b"x")]), "do not belong"),
    "another packing": (lambda: packed(parts(), zipfile.ZIP_LZMA), "packed in a way"),
    "a bomb": (lambda: packed([*parts()[:-1], ("files/2", bytes(50 << 20))]), "packed in a way"),
    "many parts": (
        lambda: packed([*parts(), *((f"files/{n}", b"") for n in range(3, 9_000))]), "more than 64"
    ),
    "66 parts": (
        lambda: packed([*parts(), *((f"files/{n}", b"") for n in range(3, 67))]), "more than 64"
    ),
    "other bytes": (
        lambda: packed([*parts()[:-1], ("files/2", bytes(len(WORK.files[1].data)))]),
        "not the one that was saved",
    ),
    "other length": (lambda: packed([*parts()[:-1], ("files/2", b"x")]), "as long as it says"),
    "no JSON": (lambda: with_manifest(b"{'a': 1}"), "not readable"),
    "deep JSON": (lambda: with_manifest(b"[" * 100_000), "not readable"),
    "a list": (lambda: with_manifest([1]), "another version"),
    "a newer version": (lambda: changed(caremap_work=2), "another version"),
    "a version of true": (lambda: changed(caremap_work=True), "another version"),
    "a part of its own": (lambda: changed(code="import os"), "one too many"),
    "no files": (lambda: changed(files=[]), "lacks a file"),
    "files of no kind": (lambda: changed(files={"a": 1}), "not a list"),
    "filters of no kind": (lambda: changed(filters=[1]), "its filters"),
    "an unknown filter": (lambda: changed(filters={"cost": ["1"]}), "its filters are not known"),
    "numbers as names": (lambda: changed(filters={"region": [1]}), "not a text"),
    "a huge name": (lambda: changed(filters={"region": ["x" * 40_000]}), "longer than"),
    "many names": (lambda: changed(filters={"region": ["x"] * 30_000}), "too many"),
    "half a letter": (lambda: changed(picked={"\ud800": []}), "not a text"),
    "no day": (lambda: changed(as_of="2024-02-30"), "not a date"),
    "a moment": (lambda: changed(as_of="2024-02-28T00:00"), "not a date"),
    "three days": (lambda: changed(period=[None, None, None]), "too many"),
    "a bed of minus one": (lambda: changed(beds={"beds": -1, "level": "ward"}), "from 0 to"),
    "endless beds": (
        lambda: with_manifest(
            json.dumps({**manifest(), "beds": {"beds": float("inf"), "level": "ward"}}).encode()
        ),
        "from 0 to",
    ),
    "beds of a planet": (lambda: changed(beds={"beds": 1, "level": "planet"}), "places"),
    "a target of 0": (
        lambda: changed(counting={**manifest()["counting"], "target": 0}), "waiting target"
    ),
    "a same-day stay of true": (
        lambda: changed(counting={**manifest()["counting"], "same_day": True}), "same-day"
    ),
    "no name": (lambda: of_file(name=""), "no name"),
    "no tables": (lambda: of_file(tables=[]), "no table"),
    "another digest": (lambda: of_file(sha256="0" * 64), "not the one that was saved"),
    "no digest": (lambda: of_file(sha256="abc"), "digest"),
    "an unknown field": (lambda: of_table(mapping={"password": "Ward"}), "not known"),
    "an unknown option": (lambda: of_table(options={"eval": "1"}), "choice that is not known"),
    "a recipe": (lambda: of_table(options={"recipe": {}}), "not a text"),
    "an unknown kind": (lambda: of_table(options={"kind": "wine"}), "choice that is not known"),
    "a row of minus one": (lambda: of_table(options={"header_row": -1}), "column names"),
    "yes": (lambda: of_table(within="yes"), "neither"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "said"), BAD.values(), ids=BAD)
def test_what_is_broken_or_hostile_is_refused_in_a_sentence(
    make: Callable[[], bytes], said: str
) -> None:
    with pytest.raises(DataProblem) as caught:
        opened(make())
    assert said in caught.value.message
    assert caught.value.hint


def test_a_file_that_packs_like_a_bomb_is_kept_unpacked_and_opened_again() -> None:
    """A table of one value packs a thousand times; refused on opening it would be lost."""
    work = Work((WorkFile("zeros.csv", b"0,0,0,0,0\n" * (2 << 20)),))
    data = save(work)
    assert len(data) > 20 << 20
    assert opened(data) == work


def test_what_could_not_be_opened_is_not_saved() -> None:
    with pytest.raises(DataProblem, match=f"more than {MOST_FILES} files"):
        save(Work((WorkFile("a.csv", b"1"),) * (MOST_FILES + 1)))
    half = WorkFile("a.csv", bytes(64 << 20))
    with pytest.raises(DataProblem, match="1,024 MB"):
        save(Work((half,) * (LARGEST // len(half.data) + 1)))


def test_the_file_tells_no_time_and_no_machine() -> None:
    with zipfile.ZipFile(io.BytesIO(save(WORK))) as archive:
        assert {(one.date_time, one.create_system) for one in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0)
        }


def test_digests_are_those_of_the_files() -> None:
    told = manifest(replace(WORK, files=WORK.files[:1]))
    assert told["files"][0]["sha256"] == hashlib.sha256(WORK.files[0].data).hexdigest()
