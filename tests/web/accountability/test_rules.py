# SPDX-License-Identifier: EUPL-1.2
"""Coverage and rules: what we see, what each rule does, and what a change would have done."""

from html import unescape
from threading import Event
from time import monotonic, sleep

import pytest
from django.utils import timezone

from rekenschap.audit.desk.replaying import query_named, settings_of
from rekenschap.casework.roles import Role
from rekenschap.errors import ConfigurationError
from rekenschap_web.acts.system import system_person
from rekenschap_web.evidence import desk, house
from rekenschap_web.evidence.reading.shaping import finding_view
from rekenschap_web.evidence.trying import trials
from rekenschap_web.evidence.trying.replaying import replay
from rekenschap_web.evidence.views import Health
from rekenschap_web.findings.following.taking import take_over

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town_house")]


def text(response):
    return unescape(response.content.decode())


def test_the_coverage_names_every_source(client_as):
    shown = text(client_as(Role.CISO).get("/dekking/"))
    assert "<h1>Zien wij alles wat wij denken te zien?</h1>" in shown
    assert all(each.name in shown for each in desk.systems())


def test_a_source_of_which_nobody_knows_the_rhythm_is_not_said_to_be_in_time(client_as):
    assert {each.state for each in desk.systems()} == {Health.RHYTHM_UNKNOWN}
    for page in ("/dekking/", "/verantwoording/"):
        shown = text(client_as(Role.CISO).get(page))
        assert "weten wij nog niet" in shown
        assert "op tijd." not in shown.replace("0 op tijd.", "")


def test_the_rules_are_listed_with_what_they_do(client_as):
    shown = text(client_as(Role.CISO).get("/regels/"))
    assert all(each.title.nl in shown for each in (*desk.grounds(), *desk.rules()))


@pytest.mark.parametrize(
    "each", ["unexplained_by_staff", "unexplained_repeats", "task", "registered_handler"]
)
def test_every_rule_has_a_page_with_its_question_method_blind_spots_and_cases(client_as, each):
    shown, rule = text(client_as(Role.FG).get(f"/regels/{each}/")), desk.rule(each)
    assert all(part.nl in shown for part in (rule.question, *rule.blind_spots))
    assert "SELECT" in shown.upper()
    assert rule.cases[0][0].nl in shown


def test_a_ground_says_on_its_page_when_it_says_too_little_here(client_as):
    """Whoever looks in the town: nearly every look at work in a queue could as well be a colleague's."""
    queue, task = desk.rule("team_queue"), desk.rule("task")
    assert queue.kept_back > 0.5 > task.kept_back == 0
    told = "zij geldt daar voor bijna het hele team"
    assert told in text(client_as(Role.FG).get("/regels/team_queue/"))
    assert told not in text(client_as(Role.FG).get("/regels/task/"))


def test_a_rule_that_does_not_exist_is_not_found(client_as):
    assert client_as(Role.FG).get("/regels/geen_regel/").status_code == 404


def test_a_preview_says_what_a_change_would_have_found_or_hidden(client_as, monkeypatch):
    monkeypatch.setattr(trials, "PATIENCE", 120.0)
    shown = text(
        client_as(Role.CISO).post("/regels/unexplained_by_staff/", {"recent_days": "3", "history_days": "7"})
    )
    assert "In de laatste 90 dagen" in shown


@pytest.fixture
def hurried(monkeypatch):
    """A page that waits for nothing; what still waits afterwards is let go of."""
    monkeypatch.setattr(trials, "PATIENCE", 0.0)
    yield
    for _, each in trials._told.values():
        each.cancel()
    trials._told.clear()


def test_a_preview_that_takes_its_time_holds_no_page_up(client_as, hurried):
    client = client_as(Role.CISO)
    begun = client.post("/regels/registered_handler/", {"days_before": "9", "days_after": "8"})
    assert begun.status_code == 302 and "?proef=" in begun["Location"]
    until = monotonic() + 120
    while "In de laatste 90 dagen" not in (shown := text(client.get(begun["Location"]))):
        assert "Wij rekenen het na" in shown and 'hx-trigger="every 3s"' in shown
        assert monotonic() < until
        sleep(0.5)
    assert "Wij rekenen het na" not in shown
    elsewhere = begun["Location"].replace("registered_handler", "task")
    assert "Deze proef is er niet meer" in text(client.get(elsewhere))
    assert "Wat zou deze wijziging doen?" not in text(client_as(Role.AUDITOR).get(begun["Location"]))


def test_a_fourth_preview_is_not_begun_while_three_wait(client_as, hurried):
    client, gate = client_as(Role.CISO), Event()
    trials._beside.submit(gate.wait, 60)
    try:
        answers = [client.post("/regels/task/", {"days_after": str(each)}) for each in range(40, 44)]
        assert [each.status_code for each in answers] == [302, 302, 302, 422]
        assert "Er wachten al drie andere proeven" in text(answers[-1])
        again = client.post("/regels/task/", {"days_after": "40"})
        assert again["Location"] == answers[0]["Location"], "the same values are one trial"
    finally:
        for _, each in trials._told.values():
            each.cancel()
        gate.set()


def test_a_preview_without_a_change_says_so(client_as):
    values = {each.name: each.value for each in desk.rule("unexplained_by_staff").settings}
    assert "U veranderde niets" in text(client_as(Role.CISO).post("/regels/unexplained_by_staff/", values))


def test_a_value_that_does_not_fit_is_named(client_as):
    answer = client_as(Role.CISO).post("/regels/unexplained_by_staff/", {"recent_days": "veel"})
    assert answer.status_code == 422
    assert "Voer een geheel getal in." in text(answer)


def test_an_auditor_cannot_try_a_change(client_as):
    answer = client_as(Role.AUDITOR).post("/regels/unexplained_by_staff/", {"recent_days": "3"})
    assert answer.status_code in (403, 405)


def test_a_narrower_ground_explains_less_and_never_more():
    found = replay("registered_handler", {"days_after": "0"})
    assert found.unexplained_after > found.unexplained_before


def test_what_a_preview_says_of_the_rules_is_what_detect_then_finds():
    found = replay("unexplained_by_staff", {"recent_days": "3", "history_days": "7"})
    assert len(found.go) <= found.findings_before
    assert not set(found.go) & set(found.come)


@pytest.mark.parametrize("told", ["x", "-1", "1.5", "99999999"])
def test_a_parameter_of_another_kind_is_refused(told):
    with pytest.raises(ConfigurationError):
        settings_of(query_named("task"), {"days_open": told})


def test_every_question_and_blind_spot_is_said_in_dutch():
    told = [each for rule in (*desk.grounds(), *desk.rules()) for each in (rule.question, *rule.blind_spots)]
    assert len(told) > 80
    assert sorted({each.en for each in told if each.nl == each.en}) == []


def test_every_parameter_is_said_in_dutch_with_its_reason():
    told = [each for rule in (*desk.grounds(), *desk.rules()) for each in rule.settings]
    assert len(told) > 30
    english = {part.en for each in told for part in (each.label, each.unit, each.why) if part.nl == part.en}
    assert sorted(english) == []


def test_a_law_is_named_as_a_dutch_reader_names_it(client_as):
    assert desk.rule("unexplained_by_staff").law.nl == "AVG art. 5 lid 1 onder b, 5 lid 2 en 32"
    shown = text(client_as(Role.CISO).get("/regels/unexplained_by_staff/"))
    assert "GDPR" not in shown and "AVG art. 5 lid 1 onder b" in shown


def test_as_long_as_nobody_closed_a_finding_the_list_says_that_nobody_knows_yet(client_as):
    found = [finding_view(each) for each in house.derived().findings]
    take_over(by=system_person(), findings=found, checkpoint=desk.checkpoint(), now=timezone.now())
    shown = text(client_as(Role.CISO).get("/regels/"))
    assert "Nog niemand sloot een bevinding af" in shown


def test_the_page_of_a_ground_speaks_the_language_of_the_page(client_as):
    ground = next(each for each in desk.grounds() if each.id == "settled")
    client = client_as(Role.CISO)
    dutch = text(client.get("/regels/settled/"))
    assert ground.question.nl in dutch and ground.question.en not in dutch
    assert ground.blind_spots[0].nl in dutch
    english = text(client.get("/regels/settled/", headers={"accept-language": "en"}))
    assert ground.question.en in english and ground.blind_spots[0].en in english
