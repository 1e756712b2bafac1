"""The README says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from caremap import dictionary


def test_the_columns_it_lists_are_those_of_the_schema(repo: Path) -> None:
    text = (repo / "README.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- dictionary.*?-->\n(.*?)\n<!-- /dictionary -->", text, re.DOTALL)
    assert found is not None
    assert found.group(1).strip() == dictionary.as_markdown().strip(), (
        "the README is behind the schema: run python -m caremap.dictionary"
    )


def test_every_path_it_names_exists(repo: Path) -> None:
    text = (repo / "README.md").read_text(encoding="utf-8")
    for path in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (repo / path).exists(), path


@pytest.mark.parametrize("target", ["run", "test"])
def test_the_commands_it_opens_with_exist(repo: Path, target: str) -> None:
    assert re.search(rf"^{target}:", (repo / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
