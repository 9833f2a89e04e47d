# SPDX-License-Identifier: EUPL-1.2
"""SQL as files: query folders, the portable subset they keep to, and the drawn cases that test them.

Knows engines only through their seam, and no meaning of any one query.
"""
