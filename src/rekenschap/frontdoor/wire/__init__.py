# SPDX-License-Identifier: EUPL-1.2
"""What goes over the line: bodies as they come in, and answers as OTLP wants them. Knows no disk."""
