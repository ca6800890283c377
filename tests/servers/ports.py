"""A free loopback port, for servers that cannot choose one themselves."""

import socket


def free_port() -> int:
    """A port nobody listens on now. Another process may take it before its use: start again with another then."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
