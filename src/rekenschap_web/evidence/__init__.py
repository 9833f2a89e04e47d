# SPDX-License-Identifier: EUPL-1.2
"""The door from the web to the evidence: every read takes a warrant and leaves an act."""
