# SPDX-License-Identifier: EUPL-1.2
"""Where an address is: inside, with a partner, outside, or abroad, and in which country where that is known.

Known by domain only. A domain under a country's own ending is taken to be in that country; one under .com or
.org is nowhere until a setting says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_ENDINGS = {"uk": "GB", "eu": "EU"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Destinations:
    """Domains in small letters; a domain stands for all under it."""

    own: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    home: str = "NL"
    countries: Mapping[str, str] = field(default_factory=dict)

    def is_own(self, address: str) -> bool:
        """Tell whether an address is of the organisation itself."""
        return _under(domain_of(address), self.own) is not None

    def kind(self, address: str) -> str:
        """Give the code of `destination_kind`."""
        domain = domain_of(address)
        if _under(domain, self.own) is not None:
            return "internal"
        if _under(domain, self.partners) is not None:
            return "partner"
        country = self.country(address)
        return "abroad" if country and country != self.home else "external"

    def country(self, address: str) -> str | None:
        """Give the country of a domain in two letters, or None where nobody said."""
        domain = domain_of(address)
        named = _under(domain, tuple(self.countries))
        if named is not None:
            return self.countries[named]
        if _under(domain, self.own) is not None:
            return self.home
        ending = domain.rpartition(".")[2]
        return _ENDINGS.get(ending, ending.upper()) if len(ending) == 2 and ending.isalpha() else None


def destinations_of(settings: Mapping[str, str]) -> Destinations:
    """Read `own_domains`, `partner_domains`, `home_country` and `countries` (domain=NL domain=US)."""
    pairs = (each.partition("=") for each in settings.get("countries", "").split())
    return Destinations(
        own=tuple(settings.get("own_domains", "").lower().split()),
        partners=tuple(settings.get("partner_domains", "").lower().split()),
        home=settings.get("home_country", "NL").upper(),
        countries={domain.lower(): country.upper() for domain, _, country in pairs if country},
    )


def domain_of(address: str) -> str:
    """Give what stands behind the last @, in small letters."""
    return address.rpartition("@")[2].strip(" <>.").lower()


def _under(domain: str, known: tuple[str, ...]) -> str | None:
    return next((each for each in known if domain == each or domain.endswith(f".{each}")), None)
