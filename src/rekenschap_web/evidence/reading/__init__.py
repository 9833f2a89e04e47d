# SPDX-License-Identifier: EUPL-1.2
"""What is read of a derivation, by what it is about; pages ask for it through `evidence.desk`."""
