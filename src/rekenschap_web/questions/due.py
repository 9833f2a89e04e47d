# SPDX-License-Identifier: EUPL-1.2
"""What time itself does here; the worker of the desk asks every hour."""

from __future__ import annotations

from rekenschap_web.questions.actions import run_due

__all__ = ["run_due"]
