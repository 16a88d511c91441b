"""The desk in a real browser: keys, the door, both languages, phone and desktop, light and dark, nothing from elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from exports_home import signs
from headless_browser import IS_MISSING, Page, browser

from pipelines.desk.app import build_app
from pipelines.desk.desk import Desk
from pipelines.desk.serve import listening
from pipelines.identity.verdicts import active_verdicts, read_verdicts
from pipelines.settings import Settings

pytestmark = pytest.mark.skipif(IS_MISSING, reason="there is no Chromium on this machine")

_FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@dataclass
class Served:
    """A running desk and its address."""

    desk: Desk
    address: str

    def enter(self, page: Page, role: str) -> None:
        page.open(
            f"{self.address}/enter#{self.desk.sessions.link(role, 'li')}", f"location.pathname === '/{role}'"
        )
        page.wait("document.readyState === 'complete' && typeof htmx === 'object'")


@pytest.fixture
def served(exports_copy: Settings) -> Iterator[Served]:
    desk = Desk(exports_copy)
    with listening(0) as listener:
        port = listener.getsockname()[1]
        config = uvicorn.Config(
            build_app(desk, port), log_level="warning", access_log=False, lifespan="off", ws="none"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Served(desk, f"http://127.0.0.1:{port}")
        server.should_exit = True
        thread.join()


def every_look(page: Page, folder: Path, name: str) -> None:
    """At desktop and phone width, light and dark: nothing runs out of the window. Pictures for people lie in the folder."""
    for width in (1280, 390):
        for dark in (False, True):
            page.look(width, 844, dark=dark)
            assert page.ask(_FITS), (name, width)
            assert (
                page.picture(folder / f"{name}-{width}-{'dark' if dark else 'light'}.png").stat().st_size
                > 5_000
            )
    page.look(1280, 900)


def test_people_work_at_the_desk(served: Served, tmp_path: Path) -> None:
    with browser(tmp_path / "profile") as page:
        page.look(1280, 900)
        served.enter(page, "steward")
        judge_by_keys(served, page, tmp_path)
        served.enter(page, "service")
        look_somebody_up(page, tmp_path)
        served.enter(page, "marketing")
        build_a_segment(served, page, tmp_path)
        assert [one for one in page.requests if not one.startswith(served.address)] == []
        assert page.errors == []


def judge_by_keys(served: Served, page: Page, folder: Path) -> None:
    home = served.desk.settings.home
    assert page.ask("location.hash + document.cookie") == "", (
        "the token is out of the address, the cookie out of reach"
    )
    every_look(page, folder, "steward")
    first = page.ask("document.querySelector('[name=key]').value")
    page.press("d")
    page.wait(f"document.querySelector('[name=key]').value !== '{first}' && document.querySelector('.done')")
    assert len(active_verdicts(read_verdicts(home))) >= 1
    page.press("u")
    page.wait(f"document.querySelector('[name=key]').value === '{first}' && !document.querySelector('.done')")
    assert active_verdicts(read_verdicts(home)) == []
    assert page.ask("document.querySelectorAll('.chart rect').length") > 2
    page.press("b")
    page.wait("document.querySelector('[aria-pressed=true]')")
    assert page.ask("document.querySelectorAll('.chart rect').length") == 0
    page.ask("document.querySelector('form[action=\"/language\"] button').click()")
    page.wait("document.documentElement.lang === 'zh-CN' && document.body.innerText.includes('是同一个人吗')")
    page.open(f"{served.address}/steward/agreement")
    every_look(page, folder, "agreement")
    page.open(f"{served.address}/steward/merges")
    every_look(page, folder, "merges")
    page.open(page.ask("document.querySelector('tbody a').href"))
    every_look(page, folder, "cluster")


def look_somebody_up(page: Page, folder: Path) -> None:
    known = signs("agreed")
    page.ask(f"document.querySelector('[name=asked]').value = '{known['full_name']}'")
    page.ask("document.querySelector('[name=purpose]').value = 'complaint 17'")
    page.ask("document.querySelector('form.search button').click()")
    page.wait("document.querySelector('article.customer')")
    assert known["phone"] not in page.ask(
        'document.documentElement.outerHTML.replace(/value="[^"]*"/g, \'\')'
    )
    assert known["full_name"] not in page.ask("location.href")
    every_look(page, folder, "customer")
    rows = page.ask("document.querySelectorAll('.timeline > :not([hidden])').length")
    page.ask("(one => { one.value = one.options[1].value; one.dispatchEvent(new Event('change', {bubbles: true})) })"
             "(document.querySelector('[data-filter=action]'))")  # fmt: skip
    assert 0 < page.ask("document.querySelectorAll('.timeline > :not([hidden])').length") <= rows


def build_a_segment(served: Served, page: Page, folder: Path) -> None:
    for path in ("", "/segment/everybody", "/vendors", "/campaigns"):
        page.open(f"{served.address}/marketing{path}")
        every_look(page, folder, f"marketing{path.replace('/', '-')}")
    page.open(
        f"{served.address}/marketing/build", "typeof htmx === 'object' && document.querySelector('.rule')"
    )
    page.ask("document.querySelector('[data-add-rule]').click()")
    assert page.ask("document.querySelectorAll('[data-rules] .rule').length") == 4
    page.ask("(rule => { rule.querySelector('[name=column]').value = 'customer_360.order_count'; rule.querySelector('[name=test]').value = "
             "'at_least'; rule.querySelector('[name=value]').value = '0'; rule.querySelector('[name=value]').dispatchEvent("
             "new Event('change', {bubbles: true})) })(document.querySelector('[data-rules] .rule'))")  # fmt: skip
    page.wait("document.querySelector('#reach .figures')")
    page.ask("document.querySelector('[name=name]').value = 'clicked'")
    page.ask("document.querySelector('button[hx-post=\"/marketing/save\"]').click()")
    page.wait("document.querySelector('#saved .done')")
    assert (served.desk.settings.home / "segments" / "clicked.yml").exists()
    every_look(page, folder, "build")
