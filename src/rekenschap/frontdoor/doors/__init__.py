# SPDX-License-Identifier: EUPL-1.2
"""The two doors, HTTP and gRPC, and how they are opened. Neither writes anything about a request anywhere."""
