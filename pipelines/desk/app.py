"""All pages of the desk as one application: routes, who may ask for what, our own scripts and styles."""

from __future__ import annotations

from importlib.resources import files

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from pipelines.desk import entering, officer
from pipelines.desk.desk import Desk
from pipelines.desk.guard import Guard
from pipelines.desk.handling import Handler, cookie_name, endpoint
from pipelines.desk.marketing import pages as marketing
from pipelines.desk.pages import fill
from pipelines.desk.service import pages as service
from pipelines.desk.sessions import SessionError
from pipelines.desk.steward import cluster_pages
from pipelines.desk.steward import pages as steward
from pipelines.desk.words import preferred
from pipelines.privacy.roles import MARKETING, OFFICER, SERVICE, STEWARD

_FILES = {
    "desk.css": "text/css",
    "desk.js": "text/javascript",
    "htmx.min.js": "text/javascript",
    "desk.svg": "image/svg+xml",
}

_PAGES: tuple[tuple[str, str, str, Handler], ...] = (
    (STEWARD, "GET", "/steward", steward.show_queue),
    (STEWARD, "POST", "/steward/judge", steward.take_judgement),
    (STEWARD, "POST", "/steward/undo", steward.take_back),
    (STEWARD, "POST", "/steward/blind", steward.switch_blind),
    (STEWARD, "GET", "/steward/agreement", steward.show_agreement),
    (STEWARD, "GET", "/steward/pair/{key}", steward.show_disputed),
    (STEWARD, "GET", "/steward/merges", cluster_pages.show_merges),
    (STEWARD, "GET", "/steward/merges/{order}", cluster_pages.show_merges),
    (STEWARD, "GET", "/steward/customer/{customer}", cluster_pages.show_cluster),
    (STEWARD, "POST", "/steward/split", cluster_pages.take_split),
    (SERVICE, "GET", "/service", service.show_search),
    (SERVICE, "POST", "/service/find", service.find_customer),
    (SERVICE, "POST", "/service/customer", service.show_customer),
    (MARKETING, "GET", "/marketing", marketing.show_segments),
    (MARKETING, "GET", "/marketing/segment/{name}", marketing.show_segment),
    (MARKETING, "GET", "/marketing/build", marketing.show_builder),
    (MARKETING, "POST", "/marketing/try", marketing.try_draft),
    (MARKETING, "POST", "/marketing/save", marketing.save_draft),
    (MARKETING, "GET", "/marketing/vendors", marketing.show_scorecards),
    (MARKETING, "GET", "/marketing/campaigns", marketing.show_campaigns),
    (OFFICER, "GET", "/officer", officer.show_accesses),
)
"""Role, method, path and what answers. A GET writes nothing but the access log."""


def build_app(desk: Desk, port: int) -> Guard:
    """The application of one desk, behind its guard."""

    async def home(request: Request) -> Response:
        try:
            return RedirectResponse(
                f"/{desk.sessions.find(request.cookies.get(cookie_name(request))).role}", 303
            )
        except SessionError:
            return RedirectResponse("/enter", 303)

    async def missing(request: Request, _: Exception) -> Response:
        language = preferred(request.headers.get("accept-language", ""))
        return HTMLResponse(fill("stopped.html", language, message="404: no such page of the desk."), 404)

    routes = [Route("/", home), *entering.routes(desk)]
    routes += [Route(f"/static/{name}", _static(name, kind)) for name, kind in _FILES.items()]
    routes += [
        Route(path, endpoint(desk, (role,), handler), methods=[method])
        for role, method, path, handler in _PAGES
    ]
    return Guard(Starlette(routes=routes, exception_handlers={404: missing, 405: missing}), port)


def _static(name: str, kind: str):  # type: ignore[no-untyped-def]
    body = files(__package__).joinpath("static", name).read_bytes()

    async def serve(_: Request) -> Response:
        return Response(body, media_type=kind)

    return serve
