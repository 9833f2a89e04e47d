# SPDX-License-Identifier: EUPL-1.2
"""Files of directories of people: LDIF, as LDAP servers write it."""
