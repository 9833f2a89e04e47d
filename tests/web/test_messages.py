# SPDX-License-Identifier: EUPL-1.2
"""Every word of the desk stands in both languages, is plain, and says nothing about guilt."""

import re

import pytest

from tools import messages
from tools.messages import Room, Said, in_python, in_template, plain_faults

ROOMS = messages.rooms()


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.folder.name)
def test_a_room_has_english_for_all_it_says(room):
    assert messages.faults(room) == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.folder.name)
def test_what_djangos_own_reader_finds_we_find_too(room):
    """Django's way of telling what a template says is the other opinion; ours must not miss anything."""
    from django.utils.translation.template import templatize

    for path in sorted((room.folder / "templates").rglob("*.html")):
        told = {said.text for said, _ in in_template(path.read_text("utf-8"))}
        assert bool(told) == ("trans" in path.read_text("utf-8") or "_(" in path.read_text("utf-8"))
        seen = {said.text for said, _ in in_python(_as_python(templatize(path.read_text("utf-8"))))}
        assert seen <= told, path.name


_TEXT = r"u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\""


def _as_python(templatized: str) -> str:
    """Keep only the calls of what `templatize` makes: it leaves the rest of a template as noise."""
    calls = re.findall(rf"n?gettext\(\s*({_TEXT})", templatized)
    return "\n".join(f"gettext({text})" for text in calls)


def test_a_text_in_code_is_found_with_its_plural_and_its_context():
    source = 'gettext("een")\nngettext("%(n)s ding", "%(n)s dingen", n)\npgettext("maand", "mei")\n'
    assert [said for said, _ in in_python(source)] == [
        Said("een"),
        Said("%(n)s ding", plural="%(n)s dingen"),
        Said("mei", context="maand"),
    ]


def test_a_text_in_a_template_is_found_with_its_blanks():
    source = (
        '{% translate "een" %}{% crumb "" _("twee") %}\n{% blocktranslate trimmed count n=x %}\n'
        "  {{ n }} ding\n"
        "  hier{% plural %}{{ n }} dingen{% endblocktranslate %}{{ niets }}"
    )
    assert [said for said, _ in in_template(source)] == [
        Said("een"),
        Said("twee"),
        Said("%(n)s ding hier", plural="%(n)s dingen"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Deze zin is te lang omdat hij door blijft gaan zonder dat er ooit een punt of een eind aan komt.",
        "De verdachte bekeek dit.",
        "U dient te kiezen.",
        "The suspect looked at this.",
    ],
)
def test_what_is_not_plain_is_told(text):
    assert list(plain_faults(text))


def test_two_short_sentences_are_plain():
    assert not list(plain_faults("Dit is een signaal en geen bewijs. Een mens beslist."))


@pytest.fixture
def room(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "said.py").write_text('gettext("een")\ngettext("%(who)s keek")\n', "utf-8")
    return tmp_path


def translated(folder, **english):
    found = messages.read(folder)
    messages.extract(found)
    held = messages.kept(found)
    for entry, text in zip(held, english.values(), strict=True):
        entry.msgstr = text
    held.save(str(found.po))
    messages.compile_room(found)
    return messages.read(folder)


def test_a_room_with_english_for_everything_is_right(room):
    assert messages.faults(translated(room, who="%(who)s looked", one="one")) == []


def test_what_is_missing_is_told(room):
    assert len(messages.faults(Room(room, messages.read(room).said))) == 2


def test_an_empty_translation_is_told(room):
    assert any("empty" in fault for fault in messages.faults(translated(room, who="", one="one")))


def test_a_blank_that_is_left_out_is_told(room):
    assert any(
        "who" in fault for fault in messages.faults(translated(room, who="somebody looked", one="one"))
    )


def test_a_fuzzy_one_is_told(room):
    found = translated(room, who="%(who)s looked", one="one")
    held = messages.kept(found)
    held[0].flags.append("fuzzy")
    held.save(str(found.po))
    assert any("fuzzy" in fault for fault in messages.faults(found))


def test_what_nobody_says_any_more_is_told(room):
    translated(room, who="%(who)s looked", one="one")
    (room / "said.py").write_text('gettext("een")\n', "utf-8")
    assert any("any more" in fault for fault in messages.faults(messages.read(room)))


def test_compiled_texts_that_are_older_are_told(room):
    found = translated(room, who="%(who)s looked", one="one")
    held = messages.kept(found)
    held[1].msgstr = "another"
    held.save(str(found.po))
    assert any("compile" in fault for fault in messages.faults(found))
