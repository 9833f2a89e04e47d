# SPDX-License-Identifier: EUPL-1.2
"""The papers of the house: licence lines, publiccode.yml, decision records, fragments, links, lock file."""

import re
import tomllib

import pytest
import yaml

from tests.architecture.source import ROOT, tracked

LINE = "SPDX-License-Identifier: EUPL-1.2"
CODE = {".py", ".sh"}

STATUSES = {"concept", "development", "beta", "stable", "obsolete"}
SOFTWARE_TYPES = {"standalone/backend", "standalone/other", "standalone/web", "library"}


def publiccode() -> dict:
    return yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))


def test_every_source_file_begins_with_its_licence():
    bare = []
    for path in tracked():
        if path.suffix in CODE or path.name in ("run", "justfile"):
            top = path.read_text(encoding="utf-8").splitlines()[:2]
            if not any(LINE in line for line in top):
                bare.append(str(path.relative_to(ROOT)))
    assert bare == []


def test_the_licence_is_the_eupl():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
    assert "## Appendix" in text


def test_publiccode_has_what_its_standard_demands():
    keys = {
        "publiccodeYmlVersion",
        "name",
        "url",
        "platforms",
        "categories",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
        "maintenance",
        "localisation",
    }
    stated = publiccode()
    assert keys <= set(stated)
    assert stated["publiccodeYmlVersion"] == "0.5"
    assert stated["developmentStatus"] in STATUSES
    assert stated["softwareType"] in SOFTWARE_TYPES
    assert stated["legal"]["license"] == "EUPL-1.2"
    assert stated["maintenance"]["contacts"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_publiccode_describes_in_both_languages(language):
    description = publiccode()["description"][language]
    assert len(description["shortDescription"]) <= 150
    assert 150 <= len(description["longDescription"]) <= 10_000
    assert description["features"]
    assert language in publiccode()["localisation"]["availableLanguages"]


def test_publiccode_and_the_package_agree():
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert publiccode()["legal"]["license"] == package["license"]
    assert publiccode()["name"].lower() == package["name"]


def test_the_package_says_its_version_once():
    import rekenschap

    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert rekenschap.__version__ == package["version"]
    assert len(rekenschap.__all__) <= 15


def test_decision_records_are_numbered_without_gaps():
    records = sorted(path.name for path in (ROOT / "docs/adr").glob("*.md"))
    assert [int(name[:4]) for name in records] == list(range(1, len(records) + 1))


def test_every_decision_record_has_its_parts():
    for path in (ROOT / "docs/adr").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        assert re.search(r"^Status: (proposed|accepted|rejected|replaced by \d+)", text, re.MULTILINE), (
            path.name
        )
        assert all(f"\n## {part}\n" in text for part in ("Context", "Decision", "Consequences")), path.name


def test_there_are_changelog_fragments():
    fragments = [path for path in (ROOT / "changes").glob("*.md") if path.name != "README.md"]
    assert fragments
    for path in fragments:
        assert path.read_text(encoding="utf-8").strip().endswith((".", ")")), path.name


def test_every_link_in_the_papers_leads_somewhere():
    dead = []
    for path in tracked():
        if path.suffix == ".md":
            for link in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
                if not re.match(r"[a-z]+:", link) and not (path.parent / link).exists():
                    dead.append(f"{path.relative_to(ROOT)} -> {link}")
    assert dead == []


def test_the_lock_file_names_one_index_and_nothing_of_this_machine():
    text = (ROOT / "uv.lock").read_text(encoding="utf-8")
    assert len(set(re.findall(r'registry = "([^"]+)"', text))) == 1
    assert {address.partition(":")[0] for address in re.findall(r"\b[a-z+]+://[^/\"]*", text)} == {"https"}
    assert len({address for address in re.findall(r'url = "https://([^/"]+)', text)}) == 1
    assert set(re.findall(r"source = \{ (\w+) =", text)) == {"registry", "editable"}


def test_the_ci_runs_the_test_command_of_the_readme():
    assert "./run test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert (ROOT / ".ci/run").read_text(encoding="utf-8").rstrip().endswith("./run test")
