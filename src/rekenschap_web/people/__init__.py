# SPDX-License-Identifier: EUPL-1.2
"""People at the desk: who they are, how they sign in, and what they may do."""
