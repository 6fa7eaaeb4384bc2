"""IP addresses of clients, and the networks by which clients are counted."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

UNKNOWN = "unknown"


def network_of(address: str) -> str:
    """Return the network of a client: its IPv4 address, or its IPv6 prefix (/64).

    An IPv6 client can use any address of its /64, so single addresses do not count.
    """
    parsed = parse(address)
    if parsed is None:
        return UNKNOWN
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(ip_network((parsed, 64), strict=False))


@lru_cache(maxsize=1_000)
def parse(text: str) -> IPv4Address | IPv6Address | None:
    """Parse an address with or without brackets and port (RFC 7239, 6).

    An IPv4-mapped IPv6 address (``::ffff:192.0.2.1``) becomes the IPv4 address.
    Returns None for anything else.
    """
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def is_loopback(address: str) -> bool:
    """Is this a loopback address?"""
    parsed = parse(address)
    return parsed is not None and parsed.is_loopback
