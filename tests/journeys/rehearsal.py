"""A newcomer's rehearsal: the real program in a process of its own, and headless Chromium before it."""

import asyncio
import json
import os
import re
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.sandbox.schema import BotApiSchema, schema_path

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
SHOTS = ROOT / ".screenshots"
ONE_QUESTION = Path(__file__).parent / "banks"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync "
    "--use-fake-ui-for-media-stream --use-fake-device-for-media-stream"
).split()
PATIENCE_MS = 20_000


@dataclass
class Rehearsal:
    """The page of a running rehearsal; `data` is where the bot keeps things."""

    page: Page
    url: str
    data: Path
    person: int = 1001

    @property
    def ann(self) -> Locator:
        """The phone that is tapped and read: Ann's, if it is not said whose."""
        return self.page.get_by_test_id(f"phone-{self.person}")

    def of(self, person: int) -> "Rehearsal":
        """The same page, by the phone of somebody else."""
        return replace(self, person=person)

    @property
    def olga(self) -> Locator:
        """Olga's phone; she owns the bot."""
        return self.page.get_by_test_id("phone-1003")

    async def start(self) -> None:
        """The big START button."""
        await self.ann.get_by_test_id("start").click()

    def button(self, label: str) -> Locator:
        """The newest inline button whose label begins like this."""
        named = re.compile(f"^{re.escape(label)}")
        return self.ann.get_by_test_id("button").filter(has_text=named).last

    async def tap(self, label: str) -> None:
        """Tap a button and wait until the bot has answered the press."""
        target = self.button(label)
        await target.scroll_into_view_if_needed()
        await target.click()
        await expect(self.ann.locator('[data-testid="button"][aria-busy="true"]')).to_have_count(0)

    async def type(self, text: str) -> None:
        """Type into the composer and send."""
        await self.ann.get_by_test_id("composer").fill(text)
        await self.ann.get_by_test_id("composer").press("Enter")

    async def reads(self, text: str) -> None:
        """Wait until a message with this text is on the phone."""
        await expect(self.messages(text).last).to_be_visible()

    def messages(self, text: str) -> Locator:
        """The messages that contain this text."""
        return self.ann.get_by_test_id("message").filter(has_text=text)

    async def shot(self, name: str) -> None:
        """Keep a picture of the page, to be looked at."""
        SHOTS.mkdir(exist_ok=True)
        await self.page.screenshot(path=SHOTS / f"{name}.png")

    async def settled(self, name: str) -> None:
        """Keep a picture of the page once every picture on it is there."""
        there = "[...document.images].every(image => image.complete && image.naturalWidth)"
        await self.page.wait_for_function(there)
        await self.shot(name)

    async def ask(self, path: str) -> Any:
        """Something that the sandbox tells about itself."""
        return await asyncio.to_thread(_get, f"{self.url}{path}")

    async def schema_faults(self) -> list[str] | None:
        """What the Bot API's schema finds wrong in every request and answer; None: no schema here."""
        path = schema_path()
        if path is None:
            return None
        schema = BotApiSchema(path)
        faults = []
        for entry in (await self.ask("/phone/journal?since=0"))["entries"]:
            faults += schema.check_request(entry["method"], entry["parameters"])
            if entry["status"] == 200:
                faults += schema.check_answer(entry["method"], entry["answer"]["result"])
        return faults


def _get(url: str) -> Any:
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


@asynccontextmanager
async def rehearsal(
    data: Path,
    *,
    width: int = 1280,
    height: int = 800,
    dark: bool = False,
    banks: Path | None = None,
) -> AsyncIterator[Rehearsal]:
    """`sprung sandbox` on a fresh folder, and a browser that shows its page."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SPRUNG_")}
    environ |= {"SPRUNG_DATA": str(data), "SPRUNG_SEED": "3", "SPRUNG_LISTEN": ""}
    if banks is not None:
        environ["SPRUNG_BANKS"] = str(banks)
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "sandbox", "--port", "0"),
        cwd=ROOT,
        env=environ,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        url = await asyncio.wait_for(_address(program), 30)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            try:
                page = await _page(browser, width, height, dark=dark)
                await page.goto(url)
                yield Rehearsal(page, url, data)
            finally:
                await browser.close()
    finally:
        program.terminate()
        await program.communicate()


async def _page(browser: Browser, width: int, height: int, *, dark: bool) -> Page:
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        permissions=["microphone"],
        timezone_id="Europe/London",
        locale="en-GB",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    return await context.new_page()


async def _address(program: asyncio.subprocess.Process) -> str:
    """The address that the program prints for whoever started it."""
    assert program.stdout is not None
    while line := (await program.stdout.readline()).decode():
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise AssertionError("the program ended without printing an address")
