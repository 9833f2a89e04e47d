# SPDX-License-Identifier: EUPL-1.2
"""How the findings people work on follow the newest derivation."""
