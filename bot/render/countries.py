"""The countries of the world by name, from Babel's data."""

import unicodedata
from functools import cache
from itertools import groupby

from babel import Locale

# Two-letter codes in Babel's data that ISO 3166-1 keeps for other uses: islands that belong to a country,
# unions, and codes for tests. Kosovo (XK) stays: people live there and sign in from it.
_NO_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])


@cache
def country_codes() -> tuple[str, ...]:
    """The ISO 3166 codes, in the order of their English names."""
    return tuple(sorted(_names(), key=lambda code: _plain(_names()[code])))


def country_name(code: str) -> str:
    """The English name; the code itself where it is not a country's."""
    return _names().get(code.upper(), code)


def countries_by_letter() -> dict[str, list[str]]:
    """The codes under the first letter of their names, Åland under A."""
    letters = groupby(country_codes(), key=lambda code: _plain(_names()[code])[0].upper())
    return {letter: list(codes) for letter, codes in letters}


@cache
def _names() -> dict[str, str]:
    territories = Locale("en").territories.items()
    return {code: name for code, name in territories if code.isalpha() and code not in _NO_COUNTRIES}


def _plain(name: str) -> str:
    """The name without accents, for sorting."""
    return "".join(char for char in unicodedata.normalize("NFD", name) if not unicodedata.combining(char))
