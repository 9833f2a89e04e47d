# SPDX-License-Identifier: EUPL-1.2
"""The HTTP side: who calls, which interface is meant, and the service itself."""
