# SPDX-License-Identifier: EUPL-1.2
"""Who may see for whom: given, shown, changed and withdrawn by the citizen."""
