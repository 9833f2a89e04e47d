# SPDX-License-Identifier: EUPL-1.2
"""Records of fixed places: text in columns, and EBCDIC files as a COBOL copybook describes them."""
