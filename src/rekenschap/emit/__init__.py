# SPDX-License-Identifier: EUPL-1.2
"""What a developer adds to a system so that each look is written down before the data is shown.

Needs nothing but Python. A look is safe when it is on disk here, and stays until the front door has it.
"""

from rekenschap.emit.credentials import ClientCredentials
from rekenschap.emit.delivering import Address, Health
from rekenschap.emit.emitter import Emitter, Guarantee, Looking
from rekenschap.emit.reporter import Reporter
from rekenschap.emit.trace import TraceContext, trace_in

__all__ = [
    "Address",
    "ClientCredentials",
    "Emitter",
    "Guarantee",
    "Health",
    "Looking",
    "Reporter",
    "TraceContext",
    "trace_in",
]
