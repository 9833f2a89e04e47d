# SPDX-License-Identifier: EUPL-1.2
"""The work list, the page of a finding, and causes that are settled once for many."""
