# SPDX-License-Identifier: EUPL-1.2
"""What stands behind the seams; chosen in `rekenschap.house` and nowhere else."""
