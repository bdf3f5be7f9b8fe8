"""The HTML report of a load run, as headless Chromium shows it from disk."""

import html
import json
import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from browser import Browser
from running_servers import running_servers

MCPCTL = os.environ["MCPCTL"]
FAULTS = ["status:503@every=40,method=tools/call", "lose-session@nth=55,method=tools/call",
          "rpc-error@every=33,method=tools/call", "delay:150ms@every=20,method=tools/call"]
HOSTILE = "</script><img src=x onerror=hacked=1><!--\u202e\u2028${"
# Of the whole summary, those that a page without them would be no report.
EXPECTED = [f"summary.all.{name}" for name in ("requests", "failed", "error_rate")] + \
    [f"summary.all.{start}.{name}" for start in ("latency_micros", "latency_from_start_micros")
     for name in ("p50", "p90", "p99", "p99_9", "max", "mean")] + \
    [f"summary.rate.{name}" for name in ("intended_per_second", "answered_per_second", "share")] + \
    [f"summary.sessions.{name}" for name in ("opened", "closed", "lost", "reinitialised")] + \
    [f"summary.connections.{name}" for name in ("made", "reconnects", "cut", "streams_cut")] + \
    [f"summary.lag_micros.{name}" for name in ("p50", "p99", "max")] + \
    ["summary.seconds", "summary.threads", "summary.generator.late_share",
     "summary.generator.cpu_full_share"]
CHARTS = ["Latency over time", "Percentiles", "Rate against intended", "Sessions and losses",
          "Agents: bursts, idles and what was cut", "Failures over time", "Start lag",
          "The generator's own work"]


def load(folder, *arguments):
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    return subprocess.run([MCPCTL, "load", *arguments], env=environment, cwd=folder,
                          capture_output=True, text=True, timeout=180)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A short run with all that can be seen: bursts, idles, failures and a lost session."""
    folder = tmp_path_factory.mktemp("measured")
    with running_servers(folder) as server:
        url = server(*[word for fault in FAULTS for word in ("--fault", fault)])
        done = load(folder, "run", url, "--agents", "6", "--burst", "12/800ms", "--idle",
                    "600ms", "--duration", "4s", "--protocol", "legacy", "--call", "echo", "--args",
                    '{"text":"hello"}', "--threshold", "p99(tools/call) < 1us", "--threshold",
                    "requests >= 10", "--seed", "9223372036854775807", "--results", "run.json",
                    "--html", "run.html")
    assert done.returncode == 1, done.stdout + done.stderr
    return folder / "run.html"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    running = Browser(tmp_path_factory.mktemp("browser"))
    yield running
    running.close()


def opened(browser, file, width=1200, scheme="light"):
    """The page as a person has it in front; what Chromium did before is none of its business."""
    browser.show_as(width, scheme)
    browser.open_blank()
    browser.console()
    browser.requests()
    browser.open(file)
    return browser


def at_path(document, path):
    for key in path.split("."):
        document = document[int(key) if isinstance(document, list) else key]
    return document


def value_of(text):
    """A shown number in the unit of the JSON output, and how much rounding may have changed it."""
    if spans := re.fullmatch(r"(\d+)m (\d\d)s", text):
        return (int(spans[1]) * 60 + int(spans[2])) * 1e6, 0.5e6
    number, unit = re.fullmatch(r"([\d,.]+) ?(\D*)", text).groups()
    value = float(number.replace(",", ""))
    third_digit = 0.5 if value >= 100 else 0.05 if value >= 10 else 0.005 if value >= 1 else 0.0005
    factor, rounding = {"": (1, 0), "%": (0.01, 0.005), "/s": (1, min(0.05, third_digit)),
                        "ms": (1000, third_digit), "s": (1_000_000, third_digit)}[unit]
    return value * factor, rounding * factor


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_from_disk_without_a_message_or_a_request_and_draws_every_chart(
        browser, measured, scheme):
    opened(browser, measured, scheme=scheme)
    charts = browser.run("""
        return [...document.querySelectorAll("figure")].map((figure) => {
          const canvas = figure.querySelector("canvas");
          const pixels = new Uint32Array(canvas.getContext("2d")
            .getImageData(0, 0, canvas.width, canvas.height).data.buffer);
          const drawn = pixels.reduce((sum, pixel) => sum + (pixel !== 0), 0);
          return [figure.querySelector("h3").textContent, new Set(pixels).size, drawn];
        });""")
    assert [title for title, _, _ in charts] == CHARTS
    assert all(colours > 50 and drawn > 2000 for _, colours, drawn in charts), charts
    ground = browser.run("return getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", ground)[:3])) < 200) == (scheme == "dark"), ground
    assert browser.requests() == [measured.as_uri()]
    assert browser.console() == []


def test_its_numbers_are_those_of_the_json_output(browser, measured):
    results = json.loads(measured.with_suffix(".json").read_text())
    opened(browser, measured)
    shown = browser.run("""return [...document.querySelectorAll("[data-path]")]
        .map((each) => [each.dataset.path, each.value, each.textContent])""")
    for path, value, text in shown:
        exact = at_path(results, path)
        assert float(value) == exact, path
        if path == "summary.seconds":
            exact *= 1e6
        number, rounding = value_of(text)
        assert abs(number - exact) <= rounding * 1.001, (path, exact, text)
    paths = {path for path, _, _ in shown}
    steps = [f"summary.steps.{at}.{name}" for at in range(len(results["summary"]["steps"]))
             for name in ("requests", "failed", "error_rate", "latency_micros.p99")]
    failures = [f"summary.all.failures.{name}" for name in results["summary"]["all"]["failures"]]
    thresholds = [f"thresholds.{at}.measured" for at in range(len(results["thresholds"]))]
    assert len(failures) >= 3
    assert set(EXPECTED + steps + failures + thresholds) - paths == set()
    text = browser.run("return document.body.innerText")
    for word in ("MISSED", "9223372036854775807", results["target"], "\u2715 missed", "\u2713 met",
                 results["start"][:19].replace("T", " ")):
        assert word in text, word
    assert browser.run("return document.title") == "MISSED: bursts \u2013 mcpctl load"


def test_its_charts_draw_the_slots_of_the_json_output(browser, measured):
    recording = json.loads(measured.with_suffix(".json").read_text())["recording"]
    slots = recording["timeline"]["slots"]
    opened(browser, measured)
    sets = browser.run("""return Object.fromEntries([...document.querySelectorAll("figure")]
        .map((figure) => [figure.querySelector("h3").textContent, Object.fromEntries(
          Chart.getChart(figure.querySelector("canvas")).data.datasets
            .map((set) => [set.label, set.data.map((point) => point.y)]))]))""")
    for name in ("p50", "p99", "max"):
        assert sets["Latency over time"][name] == [slot.get(f"{name}_micros") for slot in slots]
    lost = [slot.get("sessions_lost") for slot in slots]
    assert sets["Sessions and losses"]["sessions lost"] == lost and any(lost)
    for name, column in sets["Failures over time"].items():
        assert column == [slot.get("failures", {}).get(name) for slot in slots], name
    agents = sorted(agent["agent"] for agent in recording["agents"])
    cut = [one["agent"] for one in recording["incidents"]["first"] if one["subject"] == "session"]
    marks = sets["Agents: bursts, idles and what was cut"]["session lost"]
    assert [agents[row] for row in marks] == cut and cut


def test_a_phone_needs_no_scrolling_to_the_side(browser, measured):
    for width in (320, 390):
        opened(browser, measured, width=width)
        browser.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        wide = browser.run("""
            return [document.documentElement.scrollWidth, ...[...document.querySelectorAll(
              "section > *, header > *, .tile, figure > *")]
              .map((each) => Math.ceil(each.getBoundingClientRect().right))]""")
        assert max(wide) <= width
    assert browser.console() == []


def test_it_prints_on_white_paper_with_its_charts(browser, measured):
    opened(browser, measured, scheme="dark")
    browser.run("""
        window.printed = [];
        new MutationObserver(() => printed.push([document.documentElement.className,
          Chart.getChart(document.querySelector("canvas")).data.datasets[0].borderColor]))
          .observe(document.documentElement, { attributes: true });""")
    light, dark = ("#cb2431", "#ff6b6b")  # --red
    paper = browser.pdf()
    assert paper.startswith(b"%PDF-") and len(paper) > 50_000
    assert 2 <= len(re.findall(rb"/Type /Page\b", paper)) <= 10
    assert browser.run("return printed") in ([["paper", light], ["", dark]], [["", dark]])
    assert browser.run("return document.documentElement.className") == ""
    assert browser.console() == []


def test_those_who_see_no_chart_have_its_figures_in_a_table(browser, measured):
    opened(browser, measured)
    headings = browser.run(
        "return [...document.querySelectorAll('h1,h2,h3')].map((each) => Number(each.tagName[1]))")
    assert headings[0] == 1 and headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(headings, headings[1:]))
    assert browser.run("return document.documentElement.lang") == "en"
    figures = browser.run("""
        return [...document.querySelectorAll("figure")].map((figure) => {
          const details = figure.querySelector("details");
          details.open = true;
          details.dispatchEvent(new Event("toggle"));
          return [figure.querySelector("canvas").getAttribute("aria-label"),
            details.querySelectorAll("tbody tr").length];
        })""")
    slots = len(json.loads(measured.with_suffix(".json").read_text())["recording"]["timeline"]["slots"])
    assert all(len(label) > 10 and rows >= 2 for label, rows in figures), figures
    assert figures[0][1] == slots
    text = html.unescape(re.search(r"<pre>(.*?)</pre>", measured.read_text(), re.DOTALL)[1])
    assert text == load(measured.parent, "report", "run.json").stdout


def test_a_hostile_name_is_shown_and_does_nothing(browser, server, tmp_path):
    done = load(tmp_path, "run", server(), "--rate", "20/s", "--duration", "1s", "--call", HOSTILE,
                "--args", "{}", "--cold", "--html", "evil.html", "-o", "json")
    assert done.returncode == 1, done.stdout + done.stderr
    steps = [step["name"] for step in json.loads(done.stdout)["summary"]["steps"]]
    assert f"tools/call:{HOSTILE}" in steps
    opened(browser, tmp_path / "evil.html")
    assert browser.run("return typeof hacked") == "undefined"
    assert browser.run("return document.querySelectorAll('img').length") == 0
    shown = HOSTILE.replace("\u202e", "\\u{202e}").replace("\u2028", "\\u{2028}")
    assert f"tools/call:{shown}" in browser.run("return document.body.textContent")
    assert browser.requests() == [(tmp_path / "evil.html").as_uri()]
    assert browser.console() == []


def test_causes_and_searches_are_shown_where_the_results_have_them(browser, measured, tmp_path):
    """The page takes them from its data, whatever found them."""
    text = measured.read_text()
    data = re.search(r'(<script id="data"[^>]*>)(.*?)</script>', text, re.DOTALL)
    document = json.loads(data[2])
    document["losses"] = [{"subject": "session", "cause": "no_affinity", "count": 3,
                           "conclusion": "requests reach replicas <b>", "evidence": "3 x 404"}]
    rate = {"count": 4000, "per_nanos": 10**9, "per_second": 4000.0}
    document["search"] = {
        "end": "out_of_time",
        "idle": [{"subject": "connection", "verdict": "never_cut", "text": "kept for 60 s"}],
        "capacity": {"verdict": "found", "text": "4,000/s are kept", "reason": "p99 is 3 s", "steps": [
            {"rate": rate, "kept": True, "saturated": False, "p99_nanos": 12_000_000,
             "answered_per_second": 3999.5, "reason": "all met"}]}}
    document["page"]["followed"] = {
        "sessions": 9, "lost": 2, "never_back": 1, "unsure": 0, "by_status": [], "losses": [
            {"agent": 4, "lost_nanos": 3 * 10**9, "by": "not_found", "http_status": 404,
             "last_answer_nanos": 2 * 10**9, "back_nanos": 3_250_000_000},
            {"agent": 7, "lost_nanos": 3 * 10**9, "by": "rst", "http_status": 0,
             "last_answer_nanos": 2 * 10**9}]}
    page = tmp_path / "search.html"
    page.write_text(text.replace(data[2], json.dumps(document).replace("<", "\\u003c")))
    opened(browser, page)
    shown = browser.run("return document.body.innerText")
    for part in ("requests reach replicas <b>", "3 x 404", "connection: never cut", "kept for 60 s",
                 "not complete: out of time", "4,000/s are kept", "3,999.5/s", "12 ms", "all met",
                 "9 sessions, 2 lost, 1 never back", "not_found (404)", "after 250 ms"):
        assert part in shown, part
    assert browser.console() == []


def test_its_policy_lets_no_other_script_run_and_nothing_be_fetched(browser, measured):
    opened(browser, measured)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    browser.run("""
        const script = document.createElement("script");
        script.textContent = "window.hacked = 1";
        document.body.append(script);
        const image = document.createElement("img");
        image.setAttribute("onerror", "window.hacked = 2");
        image.src = arguments[0];
        document.body.append(image);
        return new Promise((done) => image.addEventListener("error", done));""",
                f"http://127.0.0.1:{listener.getsockname()[1]}/x")
    assert browser.run("return typeof hacked") == "undefined"
    refusals = browser.console()
    assert len([each for each in refusals if "Content Security Policy" in each]) >= 2, refusals
    with listener, pytest.raises(BlockingIOError):
        listener.accept()  # nobody came


def test_a_report_of_the_results_file_is_the_page_of_the_run(measured):
    done = load(measured.parent, "report", "run.json", "-o", "html")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == measured.read_text(encoding="utf-8")
    refused = load(measured.parent, "list", "-o", "html")
    assert refused.returncode == 2 and "unknown format" in refused.stderr
