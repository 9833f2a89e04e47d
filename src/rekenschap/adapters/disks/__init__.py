# SPDX-License-Identifier: EUPL-1.2
"""Disks: the real one, and one in memory whose power can be cut."""

from rekenschap.adapters.disks.posix import PosixDisk

__all__ = ["PosixDisk"]
