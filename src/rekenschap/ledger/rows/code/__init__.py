# SPDX-License-Identifier: EUPL-1.2
"""Machine code, written for LLVM; but for `agreed` nothing here can be imported without the extra `fast`."""
