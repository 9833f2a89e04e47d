# SPDX-License-Identifier: EUPL-1.2
"""The commands of officers and of who keeps the keys: ceremonies, orders, erasing, holding, forgetting."""
