# SPDX-License-Identifier: EUPL-1.2
"""One run of entries at a time: read, hashed and weighed by itself, in this process or in another.

Knows no tree beyond its own leaves and no signature; `rekenschap.ledger.check.walk` puts the runs together.
"""
