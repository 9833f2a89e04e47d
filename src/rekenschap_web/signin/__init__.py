# SPDX-License-Identifier: EUPL-1.2
"""Signing in: by the organisation's provider or an account here; sessions are short, bound and revocable."""
