# SPDX-License-Identifier: EUPL-1.2
"""What the pages of findings show, put together from what people decided and what the evidence says."""
