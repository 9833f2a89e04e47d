# SPDX-License-Identifier: EUPL-1.2
"""The engines: DuckDB in process, and Spark where a body already runs it. Imported nowhere else."""
