# SPDX-License-Identifier: EUPL-1.2
"""Witnesses: one in memory for tests and the demo, one that speaks HTTP."""

from rekenschap.adapters.witnesses.http import HttpWitness, witnesses_of
from rekenschap.adapters.witnesses.memory import MemoryWitness

__all__ = ["HttpWitness", "MemoryWitness", "witnesses_of"]
