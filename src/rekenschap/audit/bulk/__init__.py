# SPDX-License-Identifier: EUPL-1.2
"""All looks of years at once: spread over files by subject, and sifted file after file in bounded memory."""

from rekenschap.audit.bulk.shelving import shelve
from rekenschap.audit.bulk.year import Sifted, sift_year

__all__ = ["Sifted", "shelve", "sift_year"]
