# SPDX-License-Identifier: EUPL-1.2
"""The leak source at the desk: names in, a ranking out, never one name alone, and all of it an act."""

from collections import Counter
from datetime import timedelta
from secrets import token_hex

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from rekenschap.casework.roles import Role
from rekenschap.demo import write_town
from rekenschap.errors import RefusedError
from rekenschap.model.warrant import Because, Warrant
from rekenschap_web.acts.models import Act
from rekenschap_web.leaks import actions
from rekenschap_web.leaks.models import LeakSearch
from rekenschap_web.leaks.queries import search_view

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town_house")]
PAGE = "/bron-van-een-lek/"


@pytest.fixture(scope="module")
def looked_up(tmp_path_factory):
    """Whom one member of staff of the town looked up week after week, without any work for it."""
    town = write_town(tmp_path_factory.mktemp("truth"), seed=1, staff=200, days=90)
    rows = [each for each in town.truth.to_pylist() if each["story"] == "S01"]
    who = Counter(each["staff"] for each in rows).most_common(1)[0][0]
    return list(dict.fromkeys(each["citizen"] for each in rows if each["staff"] == who))


@pytest.fixture
def warrant(people):
    return Warrant(
        id=token_hex(4), person=people[Role.INTEGRITY_OFFICER].sub, because=Because.LEAK,
        words="lijst bij de krant",
        investigation="2026-0001", until=timezone.now() + timedelta(hours=1),
    )  # fmt: skip


def searched(people, warrant, lines):
    wanted = actions.Wanted(text="\n".join(lines), first=FIRST, last=LAST)
    return search_view(
        actions.search_source(by=people[Role.INTEGRITY_OFFICER], wanted=wanted, warrant=warrant)
    )


FIRST, LAST = timezone.datetime(2026, 1, 1).date(), timezone.datetime(2026, 12, 31).date()


def test_who_looked_three_of_five_up_stands_out_beside_a_runner_up(people, warrant, looked_up):
    found = searched(people, warrant, [*looked_up[:3], "K-000007", "K-000011"])
    assert (found.standing, found.ranking[0].unexplained, found.ranking[0].stands_out) == ("one", 3, True)
    assert len(found.ranking) >= 2
    assert found.ranking[1].short in found.nl


def test_every_one_who_is_shown_was_looked_at_and_it_is_an_act(people, warrant, looked_up):
    found = searched(people, warrant, looked_up[:3])
    verbs = list(Act.objects.filter(object=f"leak:{found.number}").values_list("verb", flat=True))
    assert verbs == ["searched", "consulted", "kept"]
    seen = Act.objects.get(object=f"leak:{found.number}", verb="consulted").work
    assert len(seen) == len(found.ranking)
    assert {each["zaak"] for each in seen} == {"investigation:2026-0001"}


def test_nothing_of_the_list_is_kept(people, warrant, looked_up):
    searched(people, warrant, looked_up[:4])
    rows = str(LeakSearch.objects.values()) + str(Act.objects.values())
    assert not [each for each in looked_up if each in rows]


def test_without_an_investigation_there_is_no_search(people, warrant, looked_up):
    bare = Warrant(
        id="w2", person=warrant.person, because=Because.LEAK, words="zomaar even", until=warrant.until
    )
    with pytest.raises(Exception, match="leak_in_an_investigation"):
        searched(people, bare, looked_up[:3])


def test_a_warrant_that_has_ended_finds_nothing(people, warrant, looked_up):
    over = Warrant(
        id="w3", person=warrant.person, because=Because.LEAK, words="lijst bij de krant",
        investigation="2026-0001", until=timezone.now() - timedelta(seconds=1),
    )  # fmt: skip
    with pytest.raises(RefusedError):
        searched(people, over, looked_up[:3])
    assert not LeakSearch.objects.exists()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.INTEGRITY_OFFICER}))
def test_another_role_is_refused(client_as, role):
    assert client_as(role).get(PAGE).status_code == 403


def test_the_page_says_what_to_do_without_an_investigation(client_as):
    page = client_as(Role.INTEGRITY_OFFICER).get(PAGE).content.decode()
    assert "<h1>Wie is de gemene deler?</h1>" in page


def test_the_answer_asks_why_of_who_did_not_say_so(client_as, people, warrant, looked_up):
    found = searched(people, warrant, looked_up[:3])
    answer = client_as(Role.INTEGRITY_OFFICER).get(reverse("leaks:detail", args=[found.number]))
    assert answer.status_code == 302
    assert "/waarom/" in answer["Location"]


def test_the_answer_shows_pseudonyms_and_the_odds(client_as, people, warrant, looked_up):
    found = searched(people, warrant, looked_up[:3])
    client, page = client_as(Role.INTEGRITY_OFFICER), reverse("leaks:detail", args=[found.number])
    asks = client.get(page)["Location"]
    client.post(asks.partition("?")[0], query_of(asks) | {"words": "lijst stond in de krant"})
    shown = client.get(page).content.decode()
    assert found.ranking[0].short in shown
    assert found.ranking[1].short in shown
    assert "gelote lijsten" in shown
    assert "mw-0" not in shown


def query_of(url):
    from urllib.parse import parse_qsl

    return dict(parse_qsl(url.partition("?")[2]))


def test_a_row_changed_without_an_act_is_refused(people, warrant, looked_up):
    found = searched(people, warrant, looked_up[:3])
    row = LeakSearch.objects.get(number=found.number)
    row.standing = "nobody"
    with pytest.raises(RefusedError):
        row.save()


def test_a_file_can_be_uploaded_in_the_place_of_pasting(looked_up):
    from rekenschap_web.leaks.forms import LeakForm

    given = {
        "investigation": "2026-0001",
        "because": "lijst bij de krant",
        "first": "2026-01-01",
        "last": "2026-06-30",
    }
    paper = SimpleUploadedFile("lijst.csv", "\r\n".join(looked_up[:2]).encode("utf-8-sig"))
    form = LeakForm(given, {"paper": paper}, investigations=(("2026-0001", "Lek"),))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["text"].split() == looked_up[:2]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"investigation": "2026-0009"}, "investigation"),
        ({"because": "x"}, "because"),
        ({"because": "burger 111222333 staat erop"}, "because"),
        ({"last": "2025-01-01"}, "last"),
        ({"listed": "  "}, "listed"),
    ],
)
def test_a_form_that_is_not_right_says_which_field(changed, field):
    from rekenschap_web.leaks.forms import LeakForm

    given = {
        "investigation": "2026-0001", "because": "lijst bij de krant", "first": "2026-01-01",
        "last": "2026-06-30",
        "listed": "K-000001",
    }  # fmt: skip
    form = LeakForm(given | changed, investigations=(("2026-0001", "Lek"),))
    assert not form.is_valid()
    assert list(form.errors) == [field]
