# SPDX-License-Identifier: EUPL-1.2
"""What is offered at the doors of intake to be measured: requests to a service that runs, and files."""
