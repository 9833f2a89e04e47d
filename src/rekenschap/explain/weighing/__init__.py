# SPDX-License-Identifier: EUPL-1.2
"""How much what was found says about a look: measures, their levels, the fit and the score."""
