"""The live screen of `mcpctl load run`: what a terminal shows while it runs and afterwards."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import pytest

from terminal import Terminal

MCPCTL = os.environ["MCPCTL"]
ECHO = ["--call", "echo", "--args", '{"text":"hello ${agent.id}"}']

VERDICTS = (0, 1)  # a busy machine may miss the rate, which is not what is looked at here


def resize(descriptor, columns, rows):
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


class Watched:
    """The program on a terminal of its own; stdout and stderr are both that terminal."""

    def __init__(self, arguments, columns=80, rows=24, **environment):
        self.terminal = Terminal(columns, rows)
        self.raw = b""
        self.shown = []  # every state of the screen, after each piece that arrived
        self.master, slave = pty.openpty()
        resize(self.master, columns, rows)
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent",
                       "TERM": "xterm-256color", **environment}
        self.process = subprocess.Popen([MCPCTL, "load", "run", *arguments], stdin=slave,
                                        stdout=slave, stderr=slave, env=environment,
                                        start_new_session=True,
                                        # Whoever started the tests may have left it ignored.
                                        preexec_fn=lambda: signal.signal(signal.SIGQUIT,
                                                                         signal.SIG_DFL))
        os.close(slave)

    def read(self, until, seconds=60):
        """Reads until the predicate holds, or (None) until the program has gone."""
        deadline = time.monotonic() + seconds
        while until is None or not until(self):
            assert time.monotonic() < deadline, self.terminal.text()
            if not select.select([self.master], [], [], 0.2)[0]:
                continue
            try:
                data = os.read(self.master, 65536)
            except OSError:  # the other side was closed: the program has ended
                assert until is None, self.terminal.text()
                return self.process.wait(timeout=10)
            self.raw += data
            self.terminal.feed(data)
            self.shown.append(self.terminal.text())
        return None

    def has_drawn(self, times):
        return lambda watched: watched.terminal.ups >= times


@pytest.fixture
def watch():
    started = []

    def start(*arguments, **options):
        started.append(Watched(arguments, **options))
        return started[-1]

    yield start
    for watched in started:
        if watched.process.poll() is None:
            watched.process.kill()
        watched.process.wait(timeout=10)
        os.close(watched.master)


def frame(watched):
    """The lines of the live screen that stand there now, from its title on."""
    return watched.terminal.text().rpartition("\nrate  http")[2].rstrip("\n").split("\n")


def load(url, *more):
    return [url, "--agents", "3", "--rate", "40/s", *ECHO, *more]


def test_a_screen_is_drawn_over_and_leaves_only_the_report(watch, server):
    watched = watch(*load(server(), "--duration", "3s"))
    assert watched.read(None) in VERDICTS
    # Before the last agents leave; which frame is the last that shows all of them is chance.
    whole = next(each for each in reversed(watched.shown) if "3 open" in each and "left" in each)
    assert re.search(r"^  0:0\d of 0:04  [█░]{24}  0:0\d left  ", whole, re.MULTILINE)
    assert re.search(r"^  rate       [\d.]+/s of [\d.]+/s intended  \d+ in flight", whole,
                     re.MULTILINE)
    assert re.search(r"^  latency    p50 \S+ \w+ +p99 ", whole, re.MULTILINE)
    assert "  sessions   3 open, 0 lost\n" in whole
    assert "  errors     none" in whole
    assert any(re.search(r"^  p99 +[▁-█]", each, re.MULTILINE) for each in watched.shown)
    # Nothing of it is left, and nothing of the report is gone.
    text = watched.terminal.text()
    assert watched.terminal.ups > 5
    assert watched.terminal.cursor_visible and not watched.terminal.coloured
    assert watched.terminal.column == 0
    assert "in flight" not in text and "█" not in text
    assert re.fullmatch(r"mcpctl: rate: 3 agents, \d threads?, 4 s\n(PASSED|SATURATED|MISSED) rate "
                        r"(.|\n)+ start lag .*\n", text), text


def test_the_first_interrupt_drains_below_the_screen_and_the_second_leaves_nothing(
        watch, server):
    watched = watch(*load(server(), "--duration", "5m"))
    watched.read(watched.has_drawn(3))
    watched.process.send_signal(signal.SIGINT)
    assert watched.read(None) == 130
    text = watched.terminal.text()
    assert "mcpctl: interrupted: open requests get up to 10 s; again to kill\n" in text
    assert "in flight" not in text and text.rstrip().splitlines()[-1].startswith("  start lag ")
    assert watched.terminal.cursor_visible and not watched.terminal.coloured


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGQUIT, signal.SIGTERM])
def test_the_terminal_is_in_order_however_the_program_ends(watch, server, how):
    watched = watch(*load(server(), "--duration", "5m"))
    watched.read(watched.has_drawn(3))
    watched.process.send_signal(how)
    watched.read(None)
    assert watched.terminal.cursor_visible and not watched.terminal.coloured
    assert watched.terminal.column == 0
    assert b"\x1b[?" not in watched.raw  # no mode of the terminal was changed, so none stays


def test_a_window_that_grows_is_filled_and_one_that_shrinks_is_not_overrun(watch, server):
    watched = watch(*load(server(), "--duration", "5s"), columns=60, rows=6)
    watched.read(watched.has_drawn(3))
    assert len(frame(watched)) == 5
    watched.terminal.columns, watched.terminal.rows = 120, 30
    resize(watched.master, 120, 30)
    watched.read(lambda one: len(frame(one)) >= 10)
    # What stood in the rows that are gone has scrolled off, as any output does.
    watched.terminal.rows = 8
    resize(watched.master, 120, 8)
    drawn = watched.terminal.ups
    watched.read(watched.has_drawn(drawn + 3))
    assert len(frame(watched)) == 7
    assert watched.read(None) in VERDICTS


def test_a_narrow_window_breaks_no_line(watch, server):
    watched = watch(server(), "--rate", "40/s", "--duration", "1500ms", *ECHO, columns=34, rows=8)
    watched.read(watched.has_drawn(4))
    assert "…" in watched.terminal.text()
    watched.process.kill()


@pytest.mark.parametrize("environment, arguments", [({"TERM": "dumb"}, []), ({"TERM": ""}, []),
                                                    ({}, ["-q"]), ({}, ["-v"])])
def test_without_a_screen_no_escape_sequence_is_written(watch, server, environment,
                                                        arguments):
    watched = watch(*load(server(), "--duration", "6s", *arguments), NO_COLOR="1", **environment)
    assert watched.read(None) in VERDICTS
    assert b"\x1b" not in watched.raw
    lines = re.findall(r"^mcpctl: [56] s of 7 s: \d+ requests \([\d.]+/s\), 0 failed, "
                       r"3 sessions$", watched.terminal.text(), re.MULTILINE)
    assert len(lines) == (0 if "-q" in arguments else 1), watched.terminal.text()


def test_no_color_leaves_a_screen_without_colours(watch, server):
    url = server()
    coloured = watch(*load(url, "--duration", "2s"))
    plain = watch(*load(url, "--duration", "2s"), NO_COLOR="1")
    assert coloured.read(None) in VERDICTS and plain.read(None) in VERDICTS
    assert coloured.terminal.colours_used and not plain.terminal.colours_used
    assert plain.terminal.ups > 3
