# SPDX-License-Identifier: EUPL-1.2
"""Can we explain who looked and why: shares, coverage, the monthly report, the rules."""
