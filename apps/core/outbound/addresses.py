"""Which IP addresses lie in the public internet: an own list, because Python's `is_private` and `is_global` let some through.

Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and what was registered since), multicast and
reserved space, and the virtual host address of a large cloud.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NOT_PUBLIC_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network, RFC 791
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers, RFC 6598; metadata of some clouds
        "127.0.0.0/8",
        "168.63.129.16/32",  # the host of a virtual machine in Azure
        "169.254.0.0/16",  # link-local, metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Whatever is not global unicast (mapped, NAT64, unique local, link-local, multicast) is refused without being listed.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # IETF protocol assignments: Teredo, benchmarks, AMT, AS112, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_ISATAP = 0x5EFE  # interface identifiers ::0:5efe:a.b.c.d and ::200:5efe:a.b.c.d carry any IPv4 address


def is_public(address: Address) -> bool:
    """Whether anybody on the internet means the same machine by this address."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id or address not in _GLOBAL_UNICAST:
        return False
    if (int(address) >> 32) & 0xFDFF_FFFF == _ISATAP:
        return False
    return not any(address in network for network in _NOT_PUBLIC_6)
