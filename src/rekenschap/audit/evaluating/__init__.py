# SPDX-License-Identifier: EUPL-1.2
"""How well it all does: on drawn towns, on real logs and on anybody's facts, beside the usual detectors.

The only room in which the truth of a town is read; nothing that explains or detects knows it.
"""
