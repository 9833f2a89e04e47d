# SPDX-License-Identifier: EUPL-1.2
"""What a house does about its sources: how each stands, and what of theirs waits in quarantine."""
