# SPDX-License-Identifier: EUPL-1.2
"""The mail filter: counts how many people a message is about, writes that down, and passes the message on."""
