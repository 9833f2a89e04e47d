# SPDX-License-Identifier: EUPL-1.2
"""For whoever keeps the desk running: health, figures and logs, none of which know about whom a page is."""
