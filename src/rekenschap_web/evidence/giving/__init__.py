# SPDX-License-Identifier: EUPL-1.2
"""What the house gives to the desk: files to check elsewhere, sealed papers, findings for the work list."""
