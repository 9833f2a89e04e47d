# SPDX-License-Identifier: EUPL-1.2
"""From columns of text to columns of facts: choosing, parsing, grouping. Knows no file and no key."""
