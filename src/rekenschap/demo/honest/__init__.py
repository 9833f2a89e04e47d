# SPDX-License-Identifier: EUPL-1.2
"""What is honest and yet looks odd: mishaps, errands beside the ordinary work, data that leaves."""
