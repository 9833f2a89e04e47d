# SPDX-License-Identifier: EUPL-1.2
"""Make the modules beside the tests importable by them, without turning the tests into a package."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
