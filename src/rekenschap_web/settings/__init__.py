# SPDX-License-Identifier: EUPL-1.2
"""Settings of the web: `desk` for work, `tryout` for the try-out identity provider, `test` for the tests."""
