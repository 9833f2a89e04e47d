# SPDX-License-Identifier: EUPL-1.2
"""What other organisations and portals may read, by interfaces others published; a process of its own.

Holds no key, opens no ledger and knows no member of staff: it has what the desk's side offers, and no more.
"""
