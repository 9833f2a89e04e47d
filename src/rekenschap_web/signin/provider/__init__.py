# SPDX-License-Identifier: EUPL-1.2
"""Signing in by the provider of the organisation: what it tells of somebody, and who may come in."""
