"""Addresses of clients: which one a request came from, and which network that is in."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

UNKNOWN = "unknown"


def network_of(address: str) -> str:
    """Return what one client can choose freely from: an IPv6 client has a /64."""
    parsed = parse(address)
    if parsed is None:
        return UNKNOWN
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(ip_network((parsed, 64), strict=False))


def parse(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address as proxies write it: with or without brackets and port.

    See RFC 7239, 6.  An IPv4 address that is mapped into IPv6 (``::ffff:192.0.2.1``) is
    that IPv4 address.  None for what is no address.
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
    """Is this an address of this machine itself?"""
    parsed = parse(address)
    return parsed is not None and parsed.is_loopback
