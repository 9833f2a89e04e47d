# SPDX-License-Identifier: EUPL-1.2
"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): read by python-calamine in a process of its own."""
