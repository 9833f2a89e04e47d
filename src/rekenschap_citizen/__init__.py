# SPDX-License-Identifier: EUPL-1.2
"""The citizen page: who looked at my data. A program of its own, which knows nothing of the desk."""
