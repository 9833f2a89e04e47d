# SPDX-License-Identifier: EUPL-1.2
"""What exists: the facts and their columns, declared once; knows no file, engine or clock."""
