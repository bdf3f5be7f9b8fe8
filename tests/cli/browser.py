"""Headless Chromium, driven by chromedriver over WebDriver with the standard library only."""

import base64
import json
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--disable-extensions", "--hide-scrollbars"]


class Browser:
    """One browser with a profile of its own in `folder`; `close` ends it and its driver."""

    def __init__(self, folder: Path):
        self.log = folder / "chromedriver.log"
        with self.log.open("wb") as log:
            self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=log,
                                           stderr=subprocess.STDOUT)
        self.session = ""
        try:
            self.base = f"http://127.0.0.1:{self._port()}"
            options = {"args": [*FLAGS, f"--user-data-dir={folder / 'profile'}"],
                       "perfLoggingPrefs": {"enableNetwork": True, "enablePage": False}}
            made = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": {
                "browserName": "chrome", "goog:chromeOptions": options,
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})
            self.session = f"/session/{made['sessionId']}"
        except BaseException:
            self.close()
            raise

    def _port(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.driver.poll() is None:
            for line in self.log.read_text(errors="replace").splitlines():
                if "started successfully on port" in line:
                    return int(line.rstrip(".").split()[-1])
            time.sleep(0.02)
        raise RuntimeError(f"chromedriver did not start: {self.log.read_text(errors='replace')}")

    def _ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.base + path, method=method, headers={"Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=180) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refused:
            raise RuntimeError(f"{path}: {refused.read().decode(errors='replace')[:2000]}") from None

    def close(self):
        try:
            if self.session:
                self._ask("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(timeout=30)

    def open_blank(self):
        self._ask("POST", self.session + "/url", {"url": "about:blank"})

    def open(self, file: Path):
        self._ask("POST", self.session + "/url", {"url": file.as_uri()})

    def run(self, script: str, *arguments):
        """What the body of a function returns in the page."""
        return self._ask("POST", self.session + "/execute/sync",
                         {"script": script, "args": list(arguments)})

    def devtools(self, command: str, **parameters):
        return self._ask("POST", self.session + "/goog/cdp/execute",
                         {"cmd": command, "params": parameters})

    def show_as(self, width: int, scheme: str = "light", height: int = 900, scale: float = 1):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=scale, mobile=width < 600)
        self.devtools("Emulation.setEmulatedMedia",
                      features=[{"name": "prefers-color-scheme", "value": scheme}])

    def pdf(self) -> bytes:
        printed = self.devtools("Page.printToPDF", printBackground=True, preferCSSPageSize=False,
                                paperWidth=8.27, paperHeight=11.69)
        return base64.b64decode(printed["data"])

    def picture(self) -> bytes:
        """What is in view, as a PNG."""
        shot = self.devtools("Page.captureScreenshot", format="png")
        return base64.b64decode(shot["data"])

    def console(self) -> list[str]:
        """What the page and the browser said since the last question."""
        return [f"{entry['level']}: {entry['message']}"
                for entry in self._ask("POST", self.session + "/se/log", {"type": "browser"})]

    def requests(self) -> list[str]:
        """The addresses that were asked for since the last question."""
        entries = self._ask("POST", self.session + "/se/log", {"type": "performance"})
        messages = [json.loads(entry["message"])["message"] for entry in entries]
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"]
