"""The app as a test drives it: from an empty start to loaded files."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

APP = Path(__file__).parents[2] / "streamlit_app.py"

STAYS = """Facility,Department,Admission Date,Discharge Date,Age,Cost
North,Surgery,2024-03-28,2024-04-03,40,100
North,Surgery,2024-04-01,2024-04-01,41,200
North,Medicine,2024-04-02,2024-04-05,42,300
South,Medicine,2024-04-10,2024-04-20,43,400
South,Medicine,2024-04-15,,44,
South,Surgery,2024-04-15,2024-04-15,45,500
South,Surgery,2024-04-28,2024-05-04,46,600
North,Surgery,2024-02-01,2024-04-30,47,700
"""


def app() -> AppTest:
    """The app just opened, nothing loaded."""
    opened = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not opened.exception
    return opened


def upload(at: AppTest, name: str, data: bytes) -> AppTest:
    """The app after a file went through the uploader of the Data page."""
    at.file_uploader[0].upload(name, data, "text/csv").run()
    assert not at.exception
    return at


def loaded(text: str = STAYS, name: str = "april.csv") -> AppTest:
    """The app with one small file."""
    return upload(app(), name, text.encode())


def overview(at: AppTest) -> AppTest:
    """The same session on the overview page."""
    at.switch_page("pages/overview.py").run()
    assert not at.exception
    return at


def unfolded(at: AppTest, label: str) -> AppTest:
    """The same page after an expander was opened: its inside is drawn only then."""
    expander = next(one for one in at.expander if label in one.label)
    at.session_state[expander.key] = True
    at.run()
    assert not at.exception
    return at


def picker(at: AppTest, label: str) -> Selectbox:
    """The select box with that label."""
    return next(box for box in at.selectbox if box.label == label)


def click(at: AppTest, label: str) -> AppTest:
    """The page after a click on the button with that label."""
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def words(at: AppTest) -> str:
    """Everything a page says, as one text."""
    kinds = ("title", "header", "markdown", "text", "caption", "info", "warning", "error")
    parts = [element.value for kind in kinds for element in getattr(at, kind)]
    parts += [f"{metric.label} {metric.value} {metric.delta}" for metric in at.metric]
    return "\n".join(map(str, parts))


def part(at: AppTest, name: str, key: str = "part") -> AppTest:
    """The same page with another part in view."""
    at.session_state[key] = name
    at.run()
    assert not at.exception
    assert "Something went wrong" not in words(at)
    return at


def titles(at: AppTest) -> list[str]:
    """The messages of the figures, in order."""
    return [one.value.replace("\\", "") for one in at.subheader]
