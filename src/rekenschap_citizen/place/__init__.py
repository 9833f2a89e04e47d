# SPDX-License-Identifier: EUPL-1.2
"""Where the page reads what a citizen may see, and leaves what a citizen asks: files, and one question."""
