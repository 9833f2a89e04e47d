# SPDX-License-Identifier: EUPL-1.2
"""The front door: systems hand over their records by network; what is acknowledged is durable."""
