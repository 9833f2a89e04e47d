# SPDX-License-Identifier: EUPL-1.2
"""Disks: the real one, and one in memory whose power can be cut."""

from rekenschap.adapters.disks.posix import PosixDisk
from rekenschap.adapters.disks.simulated import PowerCut, SimulatedDisk

__all__ = ["PosixDisk", "PowerCut", "SimulatedDisk"]
