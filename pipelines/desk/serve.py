"""Running a desk on loopback until it is interrupted, with one link a role or steward."""

from __future__ import annotations

import functools
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Sequence

import uvicorn
from rich.console import Console

from pipelines.command.role_query import used_key
from pipelines.desk.app import build_app
from pipelines.desk.desk import Desk
from pipelines.desk.sessions import LINK_SECONDS
from pipelines.errors import SettingsError
from pipelines.privacy.roles import ROLES, SERVICE, require_role

LOOPBACK = "127.0.0.1"


def serve_desk(desk: Desk, port: int, roles: Sequence[str], names: Sequence[str], console: Console) -> None:
    """Print the links and answer until Ctrl+C. Raises SettingsError for a port in use or a missing key, UcvError where nothing is
    published; then nothing is served."""
    roles = roles or (
        (SERVICE,) if desk.key_file else ROLES
    )  # a role's key that was handed out opens service's cards alone
    for role in roles:
        require_role(role)
        check_key(desk, role)
    desk.version()
    with listening(port) as listener:
        address = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        tell_links(desk, address, roles, names, console)
        if sys.stdin.isatty():
            offer = functools.partial(tell_links, desk, address, roles, names, console)
            threading.Thread(target=on_each_line, args=(sys.stdin, offer), daemon=True).start()
            console.print("Enter prints new links.", highlight=False)
        config = uvicorn.Config(
            build_app(desk, listener.getsockname()[1]), log_level="warning", access_log=False, server_header=False, proxy_headers=False,
            lifespan="off", ws="none",
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[listener])


def tell_links(
    desk: Desk, address: str, roles: Sequence[str], names: Sequence[str], console: Console
) -> None:
    """A link a role and name. The token stands behind #, so that no request, and no log of one, holds it."""
    for role in roles:
        for name in names:
            link = f"{address}/enter#{desk.sessions.link(role, name)}"
            console.print(f"{role} ({name}): {link}", highlight=False, markup=False, soft_wrap=True)
    console.print(
        f"Each link opens one session, within {LINK_SECONDS / 60:.0f} minutes; Ctrl+C ends the desk and all sessions.",
        highlight=False,
        soft_wrap=True,
    )


def on_each_line(lines: Iterable[str], call: Callable[[], None]) -> None:
    """Until there are no more lines."""
    for _ in lines:
        call()


def check_key(desk: Desk, role: str) -> None:
    """Raises SettingsError for a missing key, or one that is not of this role and home, before a link is printed."""
    if role == SERVICE:
        key = used_key(desk.settings, role, desk.key_file)
        if (key.home_id, key.role) != (desk.settings.home_id, role):
            raise SettingsError(
                f"Received the key of {key.role} of home {key.home_id}, expected the one of {role} of {desk.settings.home_id}. Ask "
                f"whoever keeps the home's keys for `ucv keys role {role}`. Nothing was served."
            )
    else:
        desk.keys()


def listening(port: int) -> socket.socket:
    """A socket on loopback alone; port 0 takes a free one. Raises SettingsError when the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"Port {port} of {LOOPBACK} cannot be used ({error.strerror}): end what listens there, or give another with --port."
        ) from None
    return listener
