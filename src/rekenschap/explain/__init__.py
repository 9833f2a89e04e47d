# SPDX-License-Identifier: EUPL-1.2
"""Which work explains which look, how much that says, and what nothing explains.

Reads facts and the engine; knows nothing of findings, files or pages.
"""
