# SPDX-License-Identifier: EUPL-1.2
"""The interfaces, one module each: from a call to what is wanted, and from what is known to an answer."""
