# SPDX-License-Identifier: EUPL-1.2
"""An integrity officer opens the file from disk, at a desk and on a phone; skips when there is no browser."""

import re
import shutil
import subprocess

import pytest

from rekenschap.report import render
from rekenschap.report.coverage import render_coverage
from tests.unit.report.invented import content
from tests.unit.report.standing import standing

BROWSER = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="needs a browser (Debian package chromium)"),
]

QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
]

FRAME = """<!doctype html><body><iframe id="page" src="report.html" width="{width}" height="800"></iframe>
<script>
document.getElementById("page").onload = (loaded) => {{
  const page = loaded.target.contentDocument;
  const shown = (name) => getComputedStyle(page.querySelector(name)).display !== "none";
  const styled = getComputedStyle(page.querySelector(".answer")).borderLeftWidth;
  document.title = [page.documentElement.scrollWidth, shown("figure .wide"), shown("figure .narrow"), styled];
}};
</script>"""


def opened(folder, width: int) -> tuple[int, bool, bool, str]:
    """Open the report in a frame of this width; give its inner width, which drawing shows, and the style."""
    frame = folder / "frame.html"
    frame.write_text(FRAME.format(width=width), encoding="utf-8")
    command = [BROWSER, *QUIET, "--allow-file-access-from-files", "--virtual-time-budget=10000"]
    command += [
        f"--user-data-dir={folder / 'browser'}",
        "--window-size=1400,900",
        "--dump-dom",
        frame.as_uri(),
    ]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    found = re.search(r"<title>(\d+),(true|false),(true|false),(\w+)</title>", answer)
    assert found, "the page did not load"
    return int(found[1]), found[2] == "true", found[3] == "true", found[4]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    pytest.importorskip("vl_convert", reason="needs vl-convert-python (extra `reports`)")
    place = tmp_path_factory.mktemp("report")
    (place / "report.html").write_text(render(content(findings=2), language="nl"), encoding="utf-8")
    return place


def test_on_a_phone_nothing_falls_off_the_screen_and_the_narrow_drawings_show(folder):
    width, wide, narrow, _ = opened(folder, 360)
    assert width <= 360
    assert (wide, narrow) == (False, True)


def test_on_a_desk_the_wide_drawings_show(folder):
    width, wide, narrow, _ = opened(folder, 1200)
    assert width <= 1200
    assert (wide, narrow) == (True, False)


def test_the_strict_policy_lets_our_own_style_through(folder):
    assert opened(folder, 1200)[3] == "6px"


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    pytest.importorskip("vl_convert", reason="needs vl-convert-python (extra `reports`)")
    place = tmp_path_factory.mktemp("sources")
    (place / "report.html").write_text(render_coverage(standing(), language="nl"), encoding="utf-8")
    return place


def test_the_page_of_sources_fits_a_phone_and_a_desk(sources):
    width, wide, narrow, style = opened(sources, 360)
    assert (width <= 360, wide, narrow, style) == (True, False, True, "6px")
    width, wide, narrow, _ = opened(sources, 1200)
    assert (width <= 1200, wide, narrow) == (True, True, False)
