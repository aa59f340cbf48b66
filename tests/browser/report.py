#!/usr/bin/env python3
"""Opens reports in a headless Chromium, clicks and types, and says what is wrong.

    cargo build && tests/browser/report.py [--program FILE] [--screenshots DIR]

Needs Python's standard library, chromium and chromedriver (Debian: chromium, chromium-driver); where these are missing it
says so and ends with 0. With --screenshots it leaves a picture of each page, light and dark, wide and narrow, for a person
to look at.
"""

import argparse
import base64
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
LEFT, UP, RIGHT, DOWN, END, HOME = "\ue012", "\ue013", "\ue014", "\ue015", "\ue010", "\ue011"

# The name of each page, and what makes it.
PAGES = {
    "divergence": "report fixtures/histories/recorded/remove_accepted_twice.jsonl -o OUT",
    "lost": "report fixtures/histories/rejected/lost_post_acts_late.jsonl -o OUT",
    "conforms": "report fixtures/histories/accepted/whole_life.jsonl -o OUT",
    "case": "report fixtures/cases/maintenance_walk_data.jsonl -o OUT",
    "seed": "report 0x2a -o OUT",
    "campaign": "simulate --seeds 0..40 --canary --cases FOLDER --report OUT",
    "explored": "explore --nodes 1 --actions enslave_node --report OUT",
}


class Browser:
    """A session of chromedriver, spoken to as the WebDriver standard says."""

    def __init__(self, chromium, chromedriver):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.driver = subprocess.Popen(
            [chromedriver, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.url = f"http://127.0.0.1:{port}"
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        options = {"binary": chromium, "args": arguments}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        for _ in range(100):
            try:
                if self.call("GET", "/status")["ready"]:
                    break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.url += "/session/" + session["sessionId"]

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"]) from None

    def open(self, path):
        self.call("POST", "/url", {"url": path.as_uri()})

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": "return " + script, "args": list(arguments)})

    def find(self, css):
        return self.call("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def click(self, css):
        self.run(f"document.querySelector({json.dumps(css)}).scrollIntoView({{block: 'center'}})")
        self.call("POST", f"/element/{self.find(css)}/click", {})

    def press(self, keys):
        events = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": events}]})

    def text(self, css):
        return self.run(f"document.querySelector({json.dumps(css)})?.textContent ?? ''")

    def count(self, css):
        return self.run(f"document.querySelectorAll({json.dumps(css)}).length")

    def complaints(self):
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"})]

    def look(self, scheme, width):
        """Light or dark, and how wide."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.devtools("Emulation.setEmulatedMedia", features=[feature])
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.devtools("Emulation.setDeviceMetricsOverride", **size)

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def picture(self, path):
        """All of the page, however long."""
        shot = self.devtools("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()


def check_every(browser, name):
    assert browser.complaints() == [], f"{name}: the browser complains"
    assert browser.count("h1") == 1 and browser.count("main") == 1, f"{name}: has a heading and a main part"
    broken = browser.run(
        "[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.getElementById("
        "a.getAttribute('href').slice(1))).length"
    )
    assert broken == 0, f"{name}: {broken} links lead nowhere"
    for width in (1200, 390):
        browser.look("light", width)
        wider = browser.run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{name}: at {width} the page is {wider} wider than its window"
    paper = {}
    for scheme in ("light", "dark"):
        browser.look(scheme, 1200)
        paper[scheme] = browser.run("getComputedStyle(document.body).backgroundColor")
    assert paper["light"] != paper["dark"], f"{name}: light and dark are the same"
    browser.look("light", 1200)


def check_divergence(browser):
    assert "call 14" in browser.text(".chosen-call"), "the failing call is chosen at first"
    assert browser.count(".window-of-run .call.fails.chosen") == 1
    browser.click(".core a.bar:not(.fails)")
    assert browser.run("location.hash") == "#d1-call-12", "a bar leads to its call"
    browser.run("document.querySelector('.window-of-run .chosen').focus()")
    browser.press(LEFT)
    first = browser.text(".chosen-call strong")
    assert first != "call 14 ", "an arrow key chooses another call"
    browser.press(RIGHT)
    assert browser.text(".chosen-call strong") == "call 14 "
    browser.press(DOWN)
    browser.press(UP)
    browser.press(END)
    assert "call 91" in browser.text(".chosen-call"), browser.text(".chosen-call")
    browser.press(HOME)
    assert "call 1 " in browser.text(".chosen-call")
    assert browser.run("document.activeElement.classList.contains('chosen')"), "the focus goes along"
    before = browser.text(".controls .rest")
    browser.click(".controls button[aria-label='later']")
    assert browser.text(".controls .rest") != before, "the window moves"
    browser.click(".controls button[aria-label='wider']")
    browser.click("#run-strip")
    browser.click(".controls button[aria-label^='to the divergence']")
    assert "call 14" in browser.text(".chosen-call")
    browser.run("document.querySelector('.controls input').value = '40'")
    browser.run("document.querySelector('.controls input').dispatchEvent(new Event('change'))")
    assert "call 40" in browser.text(".chosen-call")


def check_steps(browser):
    assert browser.count("#cluster .node") > 0, "the cluster is drawn at first"
    browser.click(".steps li:nth-child(3) button")
    assert "in step 2" in browser.text("#cluster h3")
    for _ in range(60):
        browser.press(DOWN)
        if browser.count("#cluster .is") > 0:
            break
    assert browser.count("#cluster .is") > 0, "what is new is marked"
    assert browser.run("document.activeElement.getAttribute('aria-current')") == "true"
    browser.press(END)
    assert browser.run("document.activeElement === [...document.querySelectorAll('.steps button')].at(-1)")
    browser.press(HOME)
    assert "at the start" in browser.text("#cluster h3")


CHECKS = {"divergence": check_divergence, "case": check_steps, "seed": check_steps, "campaign": check_steps}


def measure(browser, folder, program):
    """How long a page of a history of 100,000 calls takes to load, and its window to move."""
    history, page = folder / "large.jsonl", folder / "large.html"
    run = "simulate --seed 3 --steps 240000 --clients 24 --history"
    for command in ([*run.split(), history], ["report", history, "-o", page]):
        subprocess.run([program, *command], cwd=ROOT, capture_output=True, check=True)
    browser.open(page)
    loaded = browser.run("(([it]) => Math.round(it.loadEventEnd))(performance.getEntriesByType('navigation'))")
    moved = browser.run(
        "((start) => { const later = document.querySelector('.controls button[aria-label=later]');"
        "for (let i = 0; i < 100; i++) later.click(); return Math.round(performance.now() - start) })(performance.now())"
    )
    browser.run("document.querySelector('.window-of-run [tabindex=\"0\"]').focus()")
    browser.press(END)
    calls = browser.text(".chosen-call strong").split()[1]
    drawn = browser.count(".window-of-run .call")
    assert browser.complaints() == []
    print(f"{calls} calls, {page.stat().st_size} bytes: loaded in {loaded} ms, 100 moves in {moved} ms, {drawn} calls drawn")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=ROOT / "target/debug/action-oracle", type=pathlib.Path)
    parser.add_argument("--screenshots", type=pathlib.Path)
    parser.add_argument("--large", action="store_true", help="only measure a page of 100,000 calls")
    options = parser.parse_args()
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not chromedriver:
        print("skipped: chromium and chromedriver are needed, and one of them is missing")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        browser = Browser(chromium, chromedriver)
        try:
            if options.large:
                measure(browser, pathlib.Path(folder), options.program)
                return 0
            for name, command in PAGES.items():
                page = pathlib.Path(folder) / f"{name}.html"
                words = command.replace("OUT", str(page)).replace("FOLDER", folder).split()
                subprocess.run([options.program, *words], cwd=ROOT, capture_output=True, check=False)
                browser.open(page)
                check_every(browser, name)
                if name in CHECKS:
                    CHECKS[name](browser)
                assert browser.complaints() == [], f"{name}: the browser complains"
                if options.screenshots:
                    options.screenshots.mkdir(parents=True, exist_ok=True)
                    browser.open(page)
                    for scheme in ("light", "dark"):
                        for width in (1200, 390):
                            browser.look(scheme, width)
                            browser.picture(options.screenshots / f"{name}-{scheme}-{width}.png")
                print(f"ok {name}, {page.stat().st_size} bytes")
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
