# SPDX-License-Identifier: EUPL-1.2
"""Who comes in: a citizen whom the provider vouches for, strongly enough, for a short time."""
