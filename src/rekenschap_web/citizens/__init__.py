# SPDX-License-Identifier: EUPL-1.2
"""Questions of citizens about looks at their data: taken from their page, answered here, read there."""
