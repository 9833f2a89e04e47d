# SPDX-License-Identifier: EUPL-1.2
"""Where the service finds what it may give: files that were offered, and the clerk that notes who asked."""
