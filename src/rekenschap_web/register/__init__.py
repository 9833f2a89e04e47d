# SPDX-License-Identifier: EUPL-1.2
"""The register of processing activities at the desk: read, changed by two people, and what was erased."""
