"""From which network addresses somebody may come (S7). Pure rules over addresses as text; an empty list allows all.

An IPv4 address written as IPv6 (`::ffff:192.0.2.7`) is the IPv4 address, in a list as in a request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_MAPPED = IPv6Network("::ffff:0:0/96")


def address(text: str) -> Address | None:
    """The address that a text is, without an interface's name; None when it is none."""
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def network(text: str, *, strict: bool = True) -> Network:
    """The network that a text is: an address, or an address and the length of its prefix.

    Raises:
        ValueError: it is none, or (`strict`) the address lies inside the network instead of beginning it.
    """
    found = ip_network(text.strip(), strict=strict)
    if isinstance(found, IPv6Network) and found.subnet_of(_MAPPED):
        mapped = found.network_address.ipv4_mapped
        return ip_network(f"{mapped}/{found.prefixlen - 96}")
    return found


def written(text: str) -> str:
    """A network as it is stored: shortest form, an address alone without its prefix."""
    found = network(text)
    return str(found.network_address) if found.prefixlen == found.max_prefixlen else str(found)


def within(where: str, allowed: Sequence[str]) -> bool:
    """Whether an address is in one of the networks. Nothing allowed means all is; what is no address is in none."""
    if not allowed:
        return True
    here = address(where)
    return here is not None and any(_holds(each, here) for each in allowed)


def within_all(where: str, lists: Iterable[Sequence[str]]) -> bool:
    """Whether every one of the lists allows an address: an institution's and a role's both bind."""
    return all(within(where, each) for each in lists)


def _holds(stored: str, here: Address) -> bool:
    try:
        return here in network(stored)
    except ValueError:
        return False  # a stored line that is no network allows nobody


def origin(where: str) -> str:
    """What counts as one comer: an IPv4 address, or the /64 that one household or machine has of IPv6."""
    here = address(where)
    if here is None:
        return ""
    return str(here) if here.version == 4 else str(ip_network(f"{here}/64", strict=False))
