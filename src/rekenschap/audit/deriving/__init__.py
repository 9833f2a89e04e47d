# SPDX-License-Identifier: EUPL-1.2
"""Derivations: what the chain says of the latest checkpoint, kept so that a page finds its part."""

from rekenschap.audit.deriving.deriving import Occasion, derive, write_derived
from rekenschap.audit.deriving.finding import key_of
from rekenschap.audit.deriving.reading import Derived, Part, Span, newest_in

__all__ = ["Derived", "Occasion", "Part", "Span", "derive", "key_of", "newest_in", "write_derived"]
