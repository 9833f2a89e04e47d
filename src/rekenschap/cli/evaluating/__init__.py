# SPDX-License-Identifier: EUPL-1.2
"""The command that measures: how well looks are explained and found, beside the usual detectors."""

from rekenschap.cli.evaluating.commands import evaluate

__all__ = ["evaluate"]
