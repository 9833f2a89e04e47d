# SPDX-License-Identifier: EUPL-1.2
import inspect
import pickle

import pytest

from rekenschap import errors
from rekenschap.errors import (
    AlarmError,
    EngineError,
    ExitCode,
    ForkError,
    RefusedError,
    RejectedRecordError,
    RekenschapError,
    SourceError,
    TroubleError,
    VerificationError,
    WrongLeafError,
)

PARTS = {"expected": "a gzip file", "found": "half of one", "remedy": "ask for the file again"}
ALL = [x for _, x in inspect.getmembers(errors, inspect.isclass) if issubclass(x, RekenschapError)]
FAMILIES = {RefusedError: ExitCode.REFUSED, TroubleError: ExitCode.TROUBLE, AlarmError: ExitCode.ALARM}


def test_the_sentence_is_built_from_the_fields():
    assert str(SourceError(**PARTS)) == "expected a gzip file, found half of one; ask for the file again"


def test_the_fields_stay_readable_apart():
    error = SourceError(**PARTS, retryable=True)
    assert (error.expected, error.found, error.remedy) == tuple(PARTS.values())
    assert error.retryable


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_is_drawn_in_the_tree(kind):
    assert kind.__name__ in errors.__doc__


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_belongs_to_one_family(kind):
    if kind is RekenschapError:
        return
    assert len([family for family in FAMILIES if issubclass(kind, family)]) == 1


@pytest.mark.parametrize(("family", "code"), FAMILIES.items())
def test_a_family_has_its_exit_code(family, code):
    assert {kind.exit_code for kind in family.__subclasses__()} - {ExitCode.QUARANTINED} == {code}


def test_the_exit_codes_are_the_ones_we_promised():
    promised = {"FINE": 0, "USAGE": 2, "REFUSED": 3, "TROUBLE": 4, "ALARM": 5, "QUARANTINED": 6}
    assert {code.name: code.value for code in ExitCode} == promised


def test_rejected_records_are_counted_by_reason():
    error = RejectedRecordError(reasons={"time": 2, "empty": 1}, accepted=7)
    assert error.rejected == 3
    assert error.exit_code == ExitCode.QUARANTINED
    assert "3 rows in quarantine (empty: 1, time: 2) beside 7 accepted" in str(error)


def test_a_verification_error_names_the_entry():
    assert WrongLeafError(**PARTS, entry=41).entry == 41
    assert VerificationError(**PARTS).entry is None


@pytest.mark.parametrize(
    "error",
    [
        EngineError(**PARTS, statement_id="ground/registered", sql_state="22003"),
        RejectedRecordError(reasons={"time": 2}, accepted=7),
        ForkError(**PARTS),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_survives_the_way_back_from_a_worker(error):
    back = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes
    assert type(back) is type(error)
    assert vars(back) == vars(error)
    assert str(back) == str(error)


def test_no_error_takes_its_fields_by_position():
    with pytest.raises(TypeError):
        SourceError("a", "b", "c")
