# SPDX-License-Identifier: EUPL-1.2
"""What a source counted itself: which numbers came in, so that a number that never came is seen.

Ranges are kept, never a number per row; what a gap means is for the queries in `detect`.
"""
