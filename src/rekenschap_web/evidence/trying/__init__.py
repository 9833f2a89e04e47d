# SPDX-License-Identifier: EUPL-1.2
"""What a change of a ground or a rule would have done: replayed on what was derived, beside the pages."""
