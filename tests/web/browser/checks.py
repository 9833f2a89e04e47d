# SPDX-License-Identifier: EUPL-1.2
"""What must hold on every page: nothing axe-core finds, all by keyboard, fits a phone, breaks no policy."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path

from tests.web.browser import NARROW, Desk

AXE = "axe-core@4.14.1"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_REACHABLE = """() => {
  const shown = (x) => x.checkVisibility({checkOpacity: false}) && x.getClientRects().length > 0;
  const all = [...document.querySelectorAll(
    'a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select, textarea, summary, '
    + '[tabindex="0"]')];
  const groups = new Set();
  window.mustReach = all.filter(shown).filter((x) => {
    if (x.type !== 'radio') return true;
    if (groups.has(x.name)) return false;
    groups.add(x.name); return true;
  });
  window.reached = new Set();
  return window.mustReach.length;
}"""
_WHERE = """() => {
  const x = document.activeElement;
  if (!x || x === document.body) return null;
  const same = (y) => y === x || (y.type === 'radio' && x.type === 'radio' && y.name === x.name);
  const at = window.mustReach.findIndex(same);
  if (at >= 0) window.reached.add(at);
  const style = getComputedStyle(x);
  const line = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  const ring = line || style.boxShadow !== 'none';
  return {ring, name: (x.textContent || x.name || x.tagName).trim().slice(0, 40)};
}"""
_MISSED = """() => window.mustReach.filter((_, at) => !window.reached.has(at)).map(
  (x) => `${x.tagName} ${(x.textContent || x.name || '').trim().slice(0, 40)}`)"""


@cache
def axe_source() -> str | None:
    """Give axe-core: where REKENSCHAP_AXE says, or fetched with npm once; None where neither is there."""
    told = os.environ.get("REKENSCHAP_AXE")
    if told:
        return Path(told).read_text("utf-8")
    kept = Path.home() / ".cache" / "rekenschap" / AXE.replace("@", "-")
    if not (kept / "package" / "axe.min.js").exists() and not _fetched(kept):
        return None
    return (kept / "package" / "axe.min.js").read_text("utf-8")


def _fetched(into: Path) -> bool:
    npm = shutil.which("npm")
    if npm is None:
        return False
    into.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [npm, "pack", AXE, "--silent"], cwd=into, capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode:
        return False
    with tarfile.open(into / done.stdout.strip().splitlines()[-1]) as packed:
        packed.extractall(into, filter="data")
    return True


def faults_of_axe(desk: Desk) -> list[str]:
    """Give what axe-core finds at WCAG 2.2 AA, each with where."""
    source = axe_source()
    assert source is not None
    desk.page.evaluate(source)
    found = desk.page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: {type: 'tag', values: tags}})).violations", _RULES
    )
    return [
        f"{each['id']} at {node['target']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for each in found
        for node in each["nodes"]
    ]


def not_reached_by_keyboard(desk: Desk) -> list[str]:
    """Walk through the page with Tab alone; gives what was never reached, and what then shows no ring."""
    many = desk.page.evaluate(_REACHABLE)
    desk.page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }")
    blind: list[str] = []
    for _ in range(many * 2 + 5):
        desk.page.keyboard.press("Tab")
        where = desk.page.evaluate(_WHERE)
        if where is not None and not where["ring"]:
            blind.append(f"no ring: {where['name']}")
        if desk.page.evaluate("() => window.reached.size === window.mustReach.length"):
            break
    return [*desk.page.evaluate(_MISSED), *blind]


def width_on_a_phone(desk: Desk) -> int:
    """Give how wide the page is on a screen of 320 pixels."""
    size = desk.page.viewport_size or {"width": 1100, "height": 900}
    desk.page.set_viewport_size({"width": NARROW, "height": 700})
    wide: int = desk.page.evaluate("document.documentElement.scrollWidth")
    desk.page.set_viewport_size(size)
    return wide


def refused_by_policy(desk: Desk) -> list[str]:
    """Give what the Content-Security-Policy refused, and every error the browser told of."""
    told: list[str] = desk.page.evaluate("window.refusedByPolicy")
    return [*told, *(each for each in desk.messages if each.startswith(("error", "warning")))]
