"""Each kind of figure answers in Firefox and in WebKit, which iPhones have."""

from functools import cache
from pathlib import Path

import other_browsers
import pytest
from showing import KINDS, served


@cache
def answers(name: str, site: Path) -> dict[str, str]:
    """What is at fault with each kind of figure in this browser, which is started once."""
    with served(site) as address:
        return other_browsers.answers(name, address)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", other_browsers.DRIVERS)
def test_each_kind_of_figure_answers_a_click_in_firefox_and_in_webkit(built_site: Path, name: str, kind: str) -> None:
    if why := other_browsers.why_not(name):
        pytest.skip(f"{name}: {why}")
    assert answers(name, built_site)[kind] == ""
