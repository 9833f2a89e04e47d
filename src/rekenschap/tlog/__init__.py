# SPDX-License-Identifier: EUPL-1.2
"""Transparency-log mathematics (RFC 6962, C2SP tlog-*): bytes in, proofs out.

Knows no people, no files, no clock and no cryptography beyond SHA-256. Verification raises;
it never returns False.
"""
