# SPDX-License-Identifier: EUPL-1.2
"""The few calls we make to object storage; the store and the anchor in a bucket both go through here."""
