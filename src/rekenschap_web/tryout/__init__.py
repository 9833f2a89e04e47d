# SPDX-License-Identifier: EUPL-1.2
"""The try-out: an identity provider for the demo town with a log-in for each role. Never for real people."""
