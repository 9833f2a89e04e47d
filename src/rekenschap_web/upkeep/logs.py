# SPDX-License-Identifier: EUPL-1.2
"""Logs, one line of JSON each, on standard error: what happened and how long, never about whom.

A line of another library is kept without what was filled into it, and of an error only its kind and place:
messages repeat what people typed. What looks like a citizen service number or a mail address is taken out
of the rest, should one ever come there.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog

from rekenschap.model.bsn import bsns_replaced, is_bsn

Line = MutableMapping[str, Any]
"""As structlog hands a line on: whatever a program wanted told."""

_MAIL = re.compile(r"[^\s@\"'<>]+@[^\s@\"'<>]+")
_TAKEN_OUT = "(taken out)"
_OURS = "rekenschap"
_FREE = frozenset({"timestamp", "milliseconds", "size", "count", "bytes"})


def set_up(level: int = logging.INFO, *, stream: TextIO | None = None) -> None:
    """Make every line of this process one of ours, on standard error or on another stream."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_errors,
        without_people,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[bare, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.root
    for each in [each for each in root.handlers if getattr(each, "is_of_the_desk", False)]:
        root.removeHandler(each)
    handler.is_of_the_desk = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    root.setLevel(level)


def bare(logger: object, name: str, line: Line) -> Line:
    """Of a line of another library keep the sentence as it stands in its code, without what was filled in."""
    del logger, name
    record = line.get("_record")
    if isinstance(record, logging.LogRecord) and not record.name.startswith(_OURS):
        line["event"] = str(record.msg)
        record.args = ()
        if not isinstance(record.msg, str) or "%" not in record.msg:
            line["event"] = f"a line of {record.name}"
    return line


def without_errors(logger: object, name: str, line: Line) -> Line:
    """Of an error keep its kind, and where it was raised."""
    del logger, name
    told = line.pop("exc_info", None)
    record = line.get("_record")
    if isinstance(record, logging.LogRecord):
        told = told or record.exc_info
        record.exc_info, record.exc_text, record.stack_info = None, None, None
    if told is True:
        told = sys.exc_info()
    if isinstance(told, tuple) and isinstance(told[1], BaseException):
        told = told[1]
    if isinstance(told, BaseException):
        places = traceback.extract_tb(told.__traceback__)
        last = places[-1] if places else None
        line["error"] = type(told).__name__
        line["place"] = f"{Path(last.filename).name}:{last.lineno}" if last else ""
    return line


def without_people(logger: object, name: str, line: Line) -> Line:
    """Take out what looks like a number or an address of a person."""
    del logger, name
    for key, value in line.items():
        if key in _FREE:
            continue
        if isinstance(value, str):
            line[key] = _MAIL.sub(_TAKEN_OUT, bsns_replaced(value, _TAKEN_OUT))
        elif isinstance(value, int) and is_bsn(str(value)):
            line[key] = _TAKEN_OUT
    return line
