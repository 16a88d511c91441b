"""Put first on PYTHONPATH: whatever Python process tries to reach beyond this machine is told in a file, and refused."""

import os
import sys

_LOCAL = ("127.", "::1", "localhost", "0.0.0.0")


def _watch(event, args):
    if event == "socket.connect":
        address = args[1]
        host = address[0] if isinstance(address, tuple) else "a local socket"
        is_local = not isinstance(address, tuple) or str(host).startswith(_LOCAL)
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
        is_local = host is None or str(host).startswith(_LOCAL)
    else:
        return
    if not is_local:
        with open(os.environ["UCV_NETWORK_WATCH"], "a", encoding="utf-8") as told:
            told.write(f"{event} {host} by {sys.argv[:2]}\n")
        raise OSError("the test has cut the network off")


if os.environ.get("UCV_NETWORK_WATCH"):
    sys.addaudithook(_watch)
