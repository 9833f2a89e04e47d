# SPDX-License-Identifier: EUPL-1.2
"""Measures: arrays in, numbers out. Knows no engine, no town and no truth but the one it is handed."""
