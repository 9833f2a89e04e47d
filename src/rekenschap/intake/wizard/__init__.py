# SPDX-License-Identifier: EUPL-1.2
"""Makes a source profile from a file: guess what its columns are, draft, try on the file, write down.

A profile made here holds names of columns and invented values, never a value out of the file.
"""

from rekenschap.intake.wizard.drafting import Draft, profile_text
from rekenschap.intake.wizard.guessing import Guess, Wanted, guess
from rekenschap.intake.wizard.trying import Trial, sample_of, try_out

__all__ = ["Draft", "Guess", "Trial", "Wanted", "guess", "profile_text", "sample_of", "try_out"]
