"""The door: a one-time link opens a session. The token stands behind the # of the address, which no browser sends or logs."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from pipelines.desk.desk import Call, Desk, RefusedError
from pipelines.desk.handling import cookie_name, endpoint, form_of, told
from pipelines.desk.pages import fill
from pipelines.desk.words import LANGUAGES, preferred
from pipelines.errors import UcvError


def routes(desk: Desk) -> Sequence[Route]:
    """`/enter` shows the door and takes the token, `/leave` ends the session, `/language` switches."""

    async def door(request: Request) -> Response:
        return HTMLResponse(fill("enter.html", _language(request)))

    async def enter(request: Request) -> Response:
        try:
            form = await form_of(request)
            cookie, session = desk.sessions.enter(next(iter(form.get("token", ())), ""))
        except UcvError as error:
            return told(request, _language(request), error)
        session.language = _language(request)
        answer = RedirectResponse(f"/{session.role}", 303)
        answer.set_cookie(cookie_name(request), cookie, httponly=True, samesite="strict", path="/")
        return answer

    async def leave(request: Request) -> Response:
        ended = await endpoint(desk, (), lambda _, call: fill("left.html", call.session.language))(request)
        if ended.status_code == 200:
            desk.sessions.leave(request.cookies.get(cookie_name(request)))
            ended.delete_cookie(cookie_name(request), path="/", httponly=True, samesite="strict")
        return ended

    async def language(request: Request) -> Response:
        done = await endpoint(desk, (), _switch)(request)
        if done.status_code != 200:
            return done
        session = desk.sessions.find(request.cookies.get(cookie_name(request)))
        return RedirectResponse(f"/{session.role}", 303)

    return [
        Route("/enter", door, methods=["GET"]),
        Route("/enter", enter, methods=["POST"]),
        Route("/leave", leave, methods=["POST"]),
        Route("/language", language, methods=["POST"]),
    ]


def _switch(_: Desk, call: Call) -> str:
    if call.text("to") not in LANGUAGES:
        raise RefusedError(f"Expected one of {', '.join(LANGUAGES)}.")
    call.session.language = call.text("to")
    return ""


def _language(request: Request) -> str:
    return preferred(request.headers.get("accept-language", ""))
