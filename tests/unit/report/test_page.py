# SPDX-License-Identifier: EUPL-1.2
"""The page holds to what it promises: no script, no remote file, everything escaped, readable by everyone."""

import re
import sys
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from time import perf_counter

import pytest
from lxml import html

from rekenschap.errors import ConfigurationError
from rekenschap.model.explanation import Weight
from rekenschap.report import render
from rekenschap.report.content import SourceSystem, Tally, Text
from rekenschap.report.page import unbroken
from tests.unit.report.invented import ROOT, content, hostile

HEX_DIGEST = re.compile(r"(?<![0-9A-Za-z+/])[0-9a-f]{32,}(?![0-9A-Za-z+/])")


@pytest.fixture(scope="module", params=["nl", "en"])
def page(request):
    return render(content(), language=request.param)


@pytest.fixture(scope="module")
def tree(page):
    return html.document_fromstring(page)


@pytest.fixture
def nothing_draws(monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)


def pictures_drawn() -> bool:
    try:
        import vl_convert  # noqa: F401
    except ImportError:
        return False
    return True


needs_drawing = pytest.mark.skipif(not pictures_drawn(), reason="needs vl-convert-python (extra `reports`)")


def test_the_page_parses_and_says_its_language(page, tree):
    assert page.startswith("<!doctype html>")
    assert tree.get("lang") in ("nl", "en")
    assert len(tree.findall(".//h1")) == 1
    assert tree.findtext(".//title")


def test_a_language_without_texts_is_refused():
    with pytest.raises(ConfigurationError, match="nl or en"):
        render(content(findings=0), language="fy")


def test_the_same_content_gives_the_same_page():
    assert render(content(findings=2), language="nl") == render(content(findings=2), language="nl")


def test_no_script_no_handler_and_no_style_attribute(tree):
    assert tree.findall(".//script") == []
    bad = [
        name
        for element in tree.iter()
        for name in dict(element.items())
        if name.startswith("on") or name == "style"
    ]
    assert bad == []


def test_nothing_is_fetched_from_elsewhere(page, tree):
    links = [value for element in tree.iter() for name, value in element.items() if name in ("href", "src")]
    assert all(link.startswith("#") for link in links)
    assert tree.findall(".//img") == []
    assert "http" not in page.replace("http-equiv", "")
    assert "url(" not in page
    assert "@import" not in page


def test_every_link_leads_somewhere_on_the_page(tree):
    names = [x.get("id") for x in tree.iter() if x.get("id")]
    assert len(names) == len(set(names))
    assert {x.get("href")[1:] for x in tree.iter("a")} <= set(names)


def test_the_policy_allows_the_one_style_sheet_and_nothing_else(tree):
    (policy,) = [x.get("content") for x in tree.iter("meta") if x.get("http-equiv")]
    (style,) = [x.text for x in tree.iter("style")]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_there_is_no_number_of_nine_digits_and_no_hex_digest(page):
    assert re.findall(r"(?<!\d)\d{9}(?!\d)", page) == []
    assert HEX_DIGEST.findall(page) == []


def test_the_root_stands_there_as_it_is(page):
    assert page.count(ROOT) == 2


def test_a_root_with_many_digits_stays_whole_to_who_copies_it():
    root = "q12345678901234567890vE="
    assert unbroken(root).replace("<wbr>", "") == root
    assert not re.search(r"\d{9}", unbroken(root))


def test_a_root_cannot_be_markup():
    assert unbroken("<b>1</b>") == "&lt;b&gt;1&lt;/b&gt;"


def test_nine_digits_from_a_source_are_blanked_out():
    shown = content(findings=0)
    system = SourceSystem(name="export 999990019.csv", facts=1, first=None, last=None)
    page = render(replace(shown, coverage=replace(shown.coverage, systems=(system,))), language="nl")
    assert "999990019" not in page
    assert "export •••••••••.csv" in page


@pytest.mark.parametrize("language", ["nl", "en"])
def test_whatever_a_source_says_is_only_text(language):
    page = render(hostile(), language=language)
    tree = html.document_fromstring(page)
    assert tree.findall(".//script") == []
    assert "<script" not in page.lower()
    assert "{{ 7*7 }}" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_headings_go_down_one_step_at_a_time(tree):
    levels = [int(x.tag[1]) for x in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_every_drawing_is_an_image_with_one_label(tree):
    drawings = list(tree.iter("svg"))
    assert drawings
    for drawing in drawings:
        assert drawing.get("role") == "img"
        assert drawing.get("aria-label")
        assert [
            x for inner in drawing.iterdescendants() for x in dict(inner.items()) if x.startswith("aria")
        ] == []


def test_every_table_has_a_caption_and_heads_with_a_scope(tree):
    tables = list(tree.iter("table"))
    assert tables
    for table in tables:
        assert table.findtext("caption")
        heads = table.findall(".//th")
        assert heads
        assert all(x.get("scope") in ("col", "row") for x in heads)
        widths = {len(row) for row in table.iter("tr")}
        assert len(widths) == 1


def test_what_scrolls_can_be_reached_and_has_a_name(tree):
    for region in tree.iter("div"):
        if region.get("class") == "scroll":
            assert (region.get("role"), region.get("tabindex")) == ("group", "0")
            assert region.get("aria-label")


def test_the_explained_share_never_stands_without_its_null(tree):
    for answer in (tree.find_class("answer")[0], tree.get_element_by_id("shares").find_class("answer")[0]):
        text = answer.text_content()
        assert re.search(r"94[,.]1%", text)
        assert re.search(r"6[,.]3%", text)


def test_the_first_three_findings_stand_on_the_first_screen_with_a_link_and_their_first_sentence(tree):
    (block,) = tree.find_class("attention")
    assert "tiles" in block.getprevious().get("class")
    lines = block.findall("ol/li")
    articles = tree.findall(".//article")
    assert [x.find("a").get("href") for x in lines] == ["#" + x.get("id") for x in articles[:3]]
    language = tree.get("lang")
    for line, story in zip(lines, content().findings, strict=False):
        assert story.finding.about.short in line.findtext("a")
        assert line.findtext("span") == getattr(story.finding.sentences, language)[0]
    assert block.find("p/a").get("href") == "#findings"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_with_few_findings_the_first_screen_names_each_and_points_to_no_more(count):
    blocks = html.document_fromstring(render(content(findings=count), language="en")).find_class("attention")
    assert [len(x.findall("ol/li")) for x in blocks] == [count] * (count > 0)
    assert [x.find("p") for x in blocks] == [None] * (count > 0)


def test_every_finding_says_it_is_a_signal_and_a_human_decides(tree):
    articles = tree.findall(".//article")
    assert len(articles) == 12
    line = {"nl": "Een mens beslist.", "en": "A human decides."}[tree.get("lang")]
    assert all(line in x.find_class("answer")[0].text_content() for x in articles)


@needs_drawing
def test_the_first_ten_findings_have_pictures_and_the_others_tables(tree):
    drawn = ["figure" in {x.tag for x in article.iter()} for article in tree.iter("article")]
    assert drawn == [True] * 10 + [False] * 2
    assert all(article.findall(".//table") for article in tree.iter("article"))


@needs_drawing
def test_every_picture_is_there_twice_and_has_its_table_folded_beside_it(tree):
    for figure in tree.iter("figure"):
        assert len(figure.findall(".//svg")) == 2
        assert figure.find("details/div/table") is not None


@pytest.mark.usefixtures("nothing_draws")
@pytest.mark.parametrize("language", ["nl", "en"])
def test_without_the_part_that_draws_the_tables_stand_open(language):
    tree = html.document_fromstring(render(content(findings=2), language=language))
    assert tree.findall(".//figure") == []
    assert len(tree.findall(".//table")) >= 10
    assert [
        x for x in tree.iter("p") if (x.text or "").startswith(("De tekening ontbreekt", "The drawing is"))
    ]
    assert tree.findall(".//section//details") == []


def test_nothing_found_is_not_all_clear():
    page = render(content(findings=0), language="nl")
    assert "Er zijn geen bevindingen." in page
    assert "Dat betekent niet dat alles in orde is." in page


def test_a_report_with_almost_nothing_in_it_still_renders():
    full = content(findings=1, weeks=0)
    bare = replace(
        full,
        coverage=replace(full.coverage, systems=(), not_covered=()),
        relations=(),
        quarantined=(),
        shares=replace(full.shares, grounds=(), null_explained=float("nan")),
        findings=(replace(full.findings[0], looks=(), work=(), peers=()),),
        proof=None,
        remark=None,
        grounds=(),
        parameters=(),
    )
    page = render(bare, language="nl")
    assert "niet gemeten" in page
    assert "Bij dit rapport hoort geen los bewijs." in page


def test_soundness_is_claimed_only_when_it_was_checked():
    checked = content(findings=0)
    assert "Ja. Op 6 apr 2026, 09:12 controleerden wij alle 284.119 regels" in render(checked, language="nl")
    unchecked = replace(checked, signed_state=replace(checked.signed_state, checked_at=None))
    page = render(unchecked, language="nl")
    assert "Dat is voor dit rapport niet gecontroleerd." in page
    assert "kloppen." not in page


def test_one_refused_row_is_told_in_the_singular():
    page = render(replace(content(findings=0), quarantined=(Tally(name="x", count=1),)), language="en")
    assert "1 row is set apart because it was not right." in page


def test_sixty_findings_and_half_a_year_take_less_than_five_seconds():
    big = content(findings=60, weeks=26)
    begun = perf_counter()
    page = render(big, language="nl")
    assert perf_counter() - begun < 5
    assert len(page) < 5_000_000


def test_a_trace_is_in_the_table_of_grounds_and_not_in_its_picture():
    told = content()
    trace = replace(
        told.shares.grounds[0], ground="only_a_trace", weight=Weight.TRACE, share=0.9, null_share=0.95
    )
    shares = replace(told.shares, grounds=(*told.shares.grounds, trace))
    page = render(replace(told, shares=shares), language="en")
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert not [picture for picture in pictures if "only_a_trace" in picture]
    assert page.count("only_a_trace") == 1


@pytest.mark.parametrize(
    ("language", "head"), [("nl", "Dit is niet ontvangen"), ("en", "This was not received")]
)
def test_what_was_not_received_stands_with_what_came_in(language, head):
    gap = Text(nl="Uit brp ontbreekt 1 nummer: 17.", en="From brp 1 number is missing: 17.")
    plain = content(findings=0)
    told = replace(plain, coverage=replace(plain.coverage, not_received=(gap,)))
    page = render(told, language=language)
    assert head in page and gap.within(language) in page
    assert head not in render(plain, language=language)
