"""From a request to a page: session, role, form and its proof, and errors that become pages. Nothing that was sent is logged."""

from __future__ import annotations

import hmac
import logging
import traceback
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from pipelines.desk.desk import Call, Desk, RefusedError, StaleError
from pipelines.desk.pages import fill
from pipelines.desk.sessions import SessionError
from pipelines.desk.words import preferred
from pipelines.errors import UcvError

Handler = Callable[[Desk, Call], str]
Endpoint = Callable[[Request], Awaitable[Response]]
_LOG = logging.getLogger(__name__)
_MOST_FIELDS = 400


def cookie_name(request: Request) -> str:
    """Cookies know no port: each desk of a machine has its own."""
    return f"ucv_desk_{request.url.port}"


def endpoint(desk: Desk, roles: tuple[str, ...], handler: Handler) -> Endpoint:
    """A page of these roles (none: of every role). A POST must carry the session's proof; a GET changes nothing, by `handler`'s word."""

    async def answer(request: Request) -> Response:
        language = preferred(request.headers.get("accept-language", ""))
        try:
            session = desk.sessions.find(request.cookies.get(cookie_name(request)))
            language = session.language
            form = await form_of(request)
            if request.method == "POST" and not _is_proven(request, form, session.csrf):
                raise RefusedError(
                    "Received a form without this session's proof; load the page again and repeat."
                )
            if roles and session.role not in roles:
                raise RefusedError(
                    f"Received a session of {session.role}, expected one of {', '.join(roles)}: open the link of that role, which "
                    "`ucv desk --role` prints."
                )
            call = Call(session, form, _is_part(request), {k: str(v) for k, v in request.path_params.items()})
            return HTMLResponse(await run_in_threadpool(handler, desk, call))
        except UcvError as error:
            return told(request, language, error)
        except Exception as error:
            return _failed(request, language, error)

    return answer


async def form_of(request: Request) -> dict[str, list[str]]:
    """The fields of a POST. Raises RefusedError for something else."""
    if request.method != "POST":
        return {}
    try:
        text = (await request.body()).decode("utf-8")
        return parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise RefusedError(f"Expected a form of at most {_MOST_FIELDS} fields in UTF-8.") from None


def told(request: Request, language: str, error: UcvError) -> Response:
    """An error as a page, or as the part of a page that tells it."""
    status = 401 if isinstance(error, SessionError) else 403 if isinstance(error, RefusedError) else 409
    status = 409 if isinstance(error, StaleError) else status
    part = _is_part(request)
    text = fill("told.html" if part else "stopped.html", language, message=str(error))
    # Where a part was asked for, the message goes to its own place and the page stays as it is.
    return HTMLResponse(text, status, {"HX-Retarget": "#told", "HX-Reswap": "innerHTML"} if part else None)


def _failed(request: Request, language: str, error: Exception) -> Response:
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{place.filename.rsplit('/', 1)[-1]}:{place.lineno}"
    _LOG.error("%s at %s while answering %s", type(error).__name__, where, request.method)
    text = fill(
        "stopped.html",
        language,
        message=f"{type(error).__name__} ({where}). `ucv verify` tells whether the version is damaged.",
    )
    return HTMLResponse(
        text, 500, {"HX-Retarget": "body", "HX-Reswap": "innerHTML"} if _is_part(request) else None
    )


def _is_part(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def _is_proven(request: Request, form: dict[str, list[str]], csrf: str) -> bool:
    given = request.headers.get("x-csrf") or next(iter(form.get("csrf", ())), "")
    return hmac.compare_digest(given.encode(), csrf.encode())
