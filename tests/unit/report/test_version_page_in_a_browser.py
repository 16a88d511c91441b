"""The page of a version in a Chromium: it asks for nothing, can be read at every width and colour, and is used by keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from headless_browser import IS_MISSING, Page, browser
from made_up_version import MadeUp

pytestmark = pytest.mark.skipif(IS_MISSING, reason="no Chromium on this machine")

# Texts that are too pale for who sees badly (WCAG 1.4.3: 4.5 to 1), on the ground behind them.
PALE = """
(() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = node => { for (; node; node = node.parentElement) {
    const colour = rgba(getComputedStyle(node).backgroundColor); if (colour[3] > 250) return colour; } return [255, 255, 255]; };
  const found = [];
  for (const node of document.querySelectorAll('main *, .language *')) {
    const text = [...node.childNodes].filter(one => one.nodeType === 3).map(one => one.data.trim()).join('');
    if (!text || !node.checkVisibility() || node.closest('caption, legend')) continue;
    const style = getComputedStyle(node), bar = node.closest('.bar');
    const front = light(rgba(node instanceof SVGElement ? style.fill : style.color));
    const behind = light(bar ? rgba(getComputedStyle(document.documentElement).getPropertyValue('--bar')) : ground(node));
    const ratio = (Math.max(front, behind) + .05) / (Math.min(front, behind) + .05);
    if (ratio < 4.5) found.push(`${text.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return found;
})()
"""
# Texts of charts that lie on each other or stick out of their picture.
TOUCHING = """
[...document.querySelectorAll('svg.chart')].flatMap(chart => {
  const frame = chart.getBoundingClientRect();
  const boxes = [...chart.querySelectorAll('text')].map(one => [one.textContent, one.getBoundingClientRect()]);
  const out = boxes.filter(([, b]) => b.left < frame.left - 1 || b.right > frame.right + 1 || b.bottom > frame.bottom + 1);
  const over = boxes.flatMap(([text, a], i) => boxes.slice(i + 1).filter(([, b]) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).map(([other]) => [`${text} on ${other}`]));
  return [...out, ...over].map(([text]) => text);
})
"""
SHOWN = "[...document.querySelectorAll('main .{0}')].filter(one => one.checkVisibility()).length"
SMALL = """
[...document.querySelectorAll('svg.chart')].map(one => 11.5 * one.getBoundingClientRect().width / 360).filter(size => size < 10)
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("version")
    MadeUp().page(folder)
    return (folder / "version.html").as_uri()


def key(page: Page, name: str, code: int) -> None:
    for kind in ("rawKeyDown", "keyUp"):
        page.send("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code)


def seen(page: Page) -> list[Any]:
    return [page.ask(SHOWN.format(language)) for language in ("en", "zh")]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_readable(page: Page, address: str, width: int, dark: bool, language: str) -> None:
    page.look(width, 900, dark=dark)
    page.open(address)
    page.ask(f"document.getElementById('language-{language}').click()")
    page.ask("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.ask("document.documentElement.scrollWidth") <= width
    assert page.ask(PALE) == []
    assert page.ask(TOUCHING) == []
    assert page.ask(SMALL) == []
    english, chinese = seen(page)
    assert (
        (english > 100, chinese) == (True, 0) if language == "en" else (english, chinese > 100) == (0, True)
    )


def test_it_asks_for_nothing_and_breaks_no_policy(page: Page, address: str, tmp_path: Path) -> None:
    loads = tmp_path / "loads.html"
    loads.write_text('<img src="http://127.0.0.1:9/picture.png">', encoding="utf-8")
    page.open(loads.as_uri())
    assert any("picture.png" in one for one in page.requests), "the control is not noticed"
    page.requests.clear()
    page.errors.clear()
    page.open(address)
    assert {one for one in page.requests if one != "data:,"} == {address}
    assert page.errors == []


def test_the_language_is_switched_by_keys(page: Page, address: str) -> None:
    page.look(1280, 900)
    page.open(address)
    key(page, "Tab", 9)
    assert page.ask("document.activeElement.id") == "language-en"
    key(page, "ArrowRight", 39)
    assert seen(page)[0] == 0
    key(page, "ArrowLeft", 37)
    assert seen(page)[1] == 0


def test_what_a_picture_is_called_follows_the_language(page: Page, address: str) -> None:
    page.open(address)
    page.send("Accessibility.enable")

    def names() -> list[str]:
        tree = page.send("Accessibility.getFullAXTree")["nodes"]
        pictures = [node for node in tree if node.get("role", {}).get("value") in ("image", "img")]
        return [node["name"]["value"] for node in pictures]

    assert len(names()) == 4
    assert all(name.startswith("Across:") for name in names())
    page.ask("document.getElementById('language-zh').click()")
    assert all(name.startswith("横轴") for name in names())


def test_a_number_leads_to_its_query(page: Page, address: str) -> None:
    page.open(address)
    assert not page.ask("document.getElementById('sql-overview').checkVisibility()")
    page.ask("document.querySelector('#block-overview dd a').click()")
    page.wait("document.getElementById('sql-overview').checkVisibility()")


def test_on_paper_there_is_no_switch_and_the_figures_of_charts_stand_there(page: Page, address: str) -> None:
    page.open(address)
    page.send("Emulation.setEmulatedMedia", media="print")
    hidden = "getComputedStyle(document.querySelector('{0}')).display === 'none'"
    assert page.ask(hidden.format(".language"))
    assert page.ask(hidden.format("details.source"))
    assert not page.ask(hidden.format("details.figures"))
    page.send("Emulation.setEmulatedMedia", media="screen")
