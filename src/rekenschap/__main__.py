# SPDX-License-Identifier: EUPL-1.2
"""`python -m rekenschap` is the command `rekenschap`."""

from rekenschap.cli import main

if __name__ == "__main__":
    main()
