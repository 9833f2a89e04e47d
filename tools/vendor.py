# SPDX-License-Identifier: EUPL-1.2
"""Put our own copies of style sheets, fonts and scripts of others under the desk, trimmed to what it uses.

Give the folder in which the packages stand unpacked, each as `<name>-<version>`. What is kept is written down
with its version, licence and hash in `vendor.toml`; a test holds the files to that list.
"""

from __future__ import annotations

import re
import sys
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha384
from pathlib import Path

HERE = Path(__file__).parent.parent
DESIGN = HERE / "src" / "rekenschap_web" / "design" / "static"
VENDOR = DESIGN / "vendor"
UTRECHT = "utrecht-component-library-css-9.0.4"
VOORBEELD = "nl-design-system-unstable-voorbeeld-design-tokens-7.4.1"
SANS = "fontsource-variable-noto-sans-5.3.0"
SERIF = "fontsource-variable-noto-serif-5.3.0"
HTMX = "htmx.org-4.0.1"
KEPT_WORDS = """
action-group alert alternate-lang-nav blockquote body breadcrumb-nav button button-group checkbox
custom-checkbox data-list document figure form form-field form-field-description form-field-error-message
form-fieldset form-label heading-1 heading-2 heading-3 heading-4 link nav-bar nav-list ordered-list page
page-body page-content page-footer page-header page-layout pagination paragraph radio-button root select
separator skip-link status-badge surface table table-container textarea textbox unordered-list
"""
KEPT = set(KEPT_WORDS.split())
COMPONENT = re.compile(r"\.utrecht-((?:heading-\d)|[a-z]+(?:-[a-z]+)*)")
SHOWN_STATE = re.compile(r"--(?:focus-visible|focus|hover|active|forced-colors)(?![a-z-])")
"""Classes that only show a state on a page of documentation."""
VARIABLE = re.compile(r"--[a-z0-9-]+")


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Give each rule of a style sheet as what stands before the brace, and what stands between the braces."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@charset[^;]*;", "", css)
    depth, begin, opened = 0, 0, 0
    for at, sign in enumerate(css):
        if sign == "{":
            depth += 1
            opened = at if depth == 1 else opened
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield css[begin:opened].strip(), css[opened + 1 : at].strip()
                begin = at + 1


def trimmed(css: str) -> str:
    """Keep the rules that are about components we use and no others."""
    kept = []
    for head, body in rules(css):
        if head.startswith("@media"):
            inner = trimmed(body)
            kept += [f"{head} {{\n{inner}}}\n"] if inner else []
        elif not head.startswith("@"):
            ours = ", ".join(each for each in selectors(head) if is_used(each))
            kept += [f"{ours} {{\n  {body}\n}}\n"] if ours else []
    return "".join(kept)


def selectors(head: str) -> list[str]:
    """Take a list of selectors apart at the commas that are not between brackets."""
    return [each.strip() for each in re.split(r",(?![^()]*\))", head)]


def is_used(selector: str) -> bool:
    """Whether every component it names is one we use."""
    if SHOWN_STATE.search(selector):
        return False
    named = [match[1] for match in COMPONENT.finditer(re.sub(r"(--|__)[a-z0-9-_]+", "", selector))]
    return bool(named) and all(name in KEPT for name in named)


def theme(css: str, used: set[str]) -> str:
    """Keep the variables that are read, and those which these read in turn."""
    (head, body), *_ = rules(css)
    lines = dict(line.split(":", 1) for line in re.split(r";\s*", body) if ":" in line)
    lines = {name.strip(): value.strip() for name, value in lines.items()}
    wanted, found = set(used), set()
    while wanted:
        name = wanted.pop()
        if name in lines and name not in found:
            found.add(name)
            wanted |= set(VARIABLE.findall(lines[name]))
    return f"{head} {{\n" + "".join(f"  {name}: {lines[name]};\n" for name in lines if name in found) + "}\n"


def digest(data: bytes) -> str:
    """Give a hash as a browser writes it."""
    return "sha384-" + b64encode(sha384(data).digest()).decode()


def main(packages: Path) -> None:
    """Write the copies and their list."""
    utrecht = trimmed((packages / UTRECHT / "dist" / "index.css").read_text("utf-8"))
    own = "".join(path.read_text("utf-8") for path in sorted((DESIGN / "design").glob("*.css")))
    tokens = theme(
        (packages / VOORBEELD / "dist" / "theme.css").read_text("utf-8"), set(VARIABLE.findall(utrecht + own))
    )
    notice = "/* EUPL-1.2. {}: trimmed to what the desk uses by tools/vendor.py. */\n"
    files = {
        "utrecht.css": (notice.format(UTRECHT) + utrecht).encode(),
        "voorbeeld.css": (notice.format(VOORBEELD) + tokens).encode(),
        "noto-sans.woff2": (packages / SANS / "files" / "noto-sans-latin-wght-normal.woff2").read_bytes(),
        "noto-serif.woff2": (packages / SERIF / "files" / "noto-serif-latin-wght-normal.woff2").read_bytes(),
        "htmx.js": (packages / HTMX / "dist" / "htmx.min.js").read_bytes(),
        "LICENCE-utrecht.md": (packages / UTRECHT / "LICENSE.md").read_bytes(),
        "LICENCE-voorbeeld.md": (packages / VOORBEELD / "LICENSE.md").read_bytes(),
        "LICENCE-noto-sans.txt": (packages / SANS / "LICENSE").read_bytes(),
        "LICENCE-noto-serif.txt": (packages / SERIF / "LICENSE").read_bytes(),
        "LICENCE-htmx.txt": (packages / HTMX / "LICENSE").read_bytes(),
    }
    origin = {"utrecht": (UTRECHT, "EUPL-1.2"), "voorbeeld": (VOORBEELD, "EUPL-1.2"), "htmx": (HTMX, "0BSD")}
    origin |= {"noto-sans": (SANS, "OFL-1.1"), "noto-serif": (SERIF, "OFL-1.1")}
    lines = ["# Our own copies of what others made: the package, its licence, and the hash of the file.\n"]
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (VENDOR / name).write_bytes(data)
        package, licence = origin[name.removeprefix("LICENCE-").rsplit(".", 1)[0]]
        lines.append(f'\n["{name}"]\npackage = "{package}"\nlicence = "{licence}"\nhash = "{digest(data)}"\n')
    (VENDOR / "vendor.toml").write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
