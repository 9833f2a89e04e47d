# SPDX-License-Identifier: EUPL-1.2
"""How the desk looks: frame, tables, forms and figures of every page. Knows no finding and no person."""
