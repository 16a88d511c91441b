"""User agents and words for devices, as tables of (user agent, device, type, system, browser)."""

from __future__ import annotations

import pytest

from pipelines.demo.devices import user_agent
from pipelines.demo.dice import Dice
from pipelines.functions.user_agent import read_device

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "device", "expected"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME}", None, ("desktop", "windows", "chrome")),
        (f"Mozilla/5.0 (Windows NT 10.0) {CHROME} Edg/131.0.0.0", None, ("desktop", "windows", "edge")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15", None,
         ("desktop", "macos", "safari")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", None, ("desktop", "linux", "firefox")),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " + CHROME, None, ("desktop", "chromeos", "chrome")),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36", None,
         ("mobile", "android", "chrome")),
        (f"Mozilla/5.0 (Linux; Android 14; SM-X710) {CHROME}", None, ("tablet", "android", "chrome")),
        ("Mozilla/5.0 (Linux; Android 12; HarmonyOS; LIO-AN00) Chrome/99 Mobile Safari/537.36", None,
         ("mobile", "harmonyos", "chrome")),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) Chrome/114 Safari/537.36 ArkWeb/4 Mobile HuaweiBrowser/5.0", None,
         ("mobile", "harmonyos", "huawei")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.50", None,
         ("mobile", "ios", "wechat")),
        ("Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) Version/17.6 Mobile/15E148 Safari/604.1", None,
         ("tablet", "ios", "safari")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/131.0 Mobile/15E148 Safari/604.1", None,
         ("mobile", "ios", "chrome")),
        # words of a device column; what the user agent does not say is taken from there
        (None, "android", ("mobile", "android", None)),
        (None, "iOS", ("mobile", "ios", None)),
        (None, "desktop", ("desktop", None, None)),
        (None, "鸿蒙", ("mobile", "harmonyos", None)),
        (None, "电脑", ("desktop", None, None)),
        ("OurApp/3.1", "android", ("mobile", "android", None)),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/131 Mobile Safari/537.36", "ios", ("mobile", "android", "chrome")),
        # nobody's device, and nothing at all
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "desktop", (None, None, None)),
        ("curl/8.5", None, (None, None, None)),
        ("toaster", "toaster", (None, None, None)),
        ("Android " + "x" * 100_000, None, (None, None, None)),
    ],
)  # fmt: skip
def test_device(agent: str | None, device: str | None, expected: tuple[str | None, ...]) -> None:
    found = read_device(agent, device)
    assert found is not None
    assert tuple(found.values()) == expected


def test_user_agents_of_the_demo_are_of_the_device_that_they_are_made_for() -> None:
    dice = Dice("test", 1)
    for kind, systems in {"desktop": {"windows", "macos", "linux"}, "android": {"android", "harmonyos"}, "ios": {"ios"}}.items():  # fmt: skip
        found = [read_device(user_agent(kind, dice), None) or {} for _ in range(200)]
        assert {device["operating_system"] for device in found} == systems
        assert all(device["browser"] and device["device_type"] for device in found)
        assert ({device["device_type"] for device in found} == {"desktop"}) == (kind == "desktop")
