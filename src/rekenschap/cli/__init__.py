# SPDX-License-Identifier: EUPL-1.2
"""The command line: `rekenschap intake | audit | demo | check | prove | verify | profiles`.

The answer goes to standard output, progress and errors to standard error. This is the outermost door: an
error leaves it as one sentence and an exit code, never as a traceback.
"""

from rekenschap.cli.door import main

__all__ = ["main"]
