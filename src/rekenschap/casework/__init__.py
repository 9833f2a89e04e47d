# SPDX-License-Identifier: EUPL-1.2
"""The rules of the desk: who may do what next, without storage, clock or web."""
