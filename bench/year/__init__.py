# SPDX-License-Identifier: EUPL-1.2
"""A year of looks at an organisation of any size, and the ways it is explained: ours and the peers'."""
