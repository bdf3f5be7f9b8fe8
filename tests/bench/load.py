#!/usr/bin/env python3
"""What a request costs `mcpctl load`, the whole program, beside other programs that put load on a
server: ratios, checked against limits.

    MCPCTL=build/release/cli/mcpctl python3 tests/bench/load.py [--strict]

All call the same tool of the same nginx, on one core, nginx on the other, in turns; mcpctl holds a
session for each agent and checks every answer (status, id, shape, isError), the others check none.
`--strict` takes more turns and checks the limits of the design, else generous ones. autocannon and
the Inspector come from tests/bench/tools/install.sh.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path

from load_clients import Clients, is_there
from load_server import StaticServer, require

STRICT = "--strict" in sys.argv
ROUNDS, WARM_UP, WINDOW = (5, 1.0, 2.0) if STRICT else (2, 0.5, 0.6)  # seconds
# Other work on a shared machine may disturb what is only a report.
SLACK = 1.0 if STRICT else 1.5
# Of what the others do in a second, mcpctl must do that many times as much.
RATES = (("autocannon", 2.0), ("hey", 3.5), ("inspector", 20.0), ("h2load", None))
# Unless it does this share of the best of all: then it is the server that can do no more.
SERVER_BOUND = 0.9 if STRICT else 0.75

# Of IDLE + BUSY agents, each begins to ask at a time drawn from 0 to twice the mean: IDLE_FROM
# seconds after the middle of their arrival, BUSY of them have.
BUSY = 64
IDLE, ARRIVE, IDLE_FROM = (8000, 4, 8) if STRICT else (1000, 2, 3)
missed = []


def judge(what: str, figures: str, ratio: float, allowed: float, at_least: bool = False,
          excuse: str = "") -> None:
    kept = ratio >= allowed if at_least else ratio <= allowed
    if not kept and not excuse:
        missed.append(what)
    print(f"{what}: {figures}: ratio {ratio:.2f} ({'at least' if at_least else 'limit'} {allowed:.2f})"
          f"{'' if kept else ' ' + (excuse or 'MISSED')}", flush=True)


def compare_cost(clients: Clients, connections: int, scheme: str, limit: float) -> None:
    """The cheapest turn of each side counts: other work only ever makes one dearer."""
    turns = [
        (clients.turn(clients.mcpctl(connections, scheme), WARM_UP, WINDOW),
         clients.turn(clients.wrk(connections, scheme), WARM_UP, WINDOW))
        for _ in range(ROUNDS)
    ]
    ours, theirs = (min(turn.cpu for turn in side) for side in zip(*turns))
    median = statistics.median(one.cpu / other.cpu for one, other in turns)
    judge(f"CPU a request, {connections} agents, {scheme}, against wrk",
          f"{ours:.2f} us against {theirs:.2f} us, median of the turns {median:.2f}",
          ours / theirs, limit * SLACK)


def compare_rates(clients: Clients) -> None:
    """The best turn of each counts."""
    there = [(name, limit) for name, limit in RATES if is_there(name)]
    for name in {name for name, _ in RATES} - {name for name, _ in there}:
        print(f"{name}: not compared, since it is not installed", flush=True)
    commands = {name: getattr(clients, name)(BUSY) for name in ["mcpctl", "wrk", *(name for name, _ in there)]}
    best = dict.fromkeys(commands, 0.0)
    cost = dict.fromkeys(commands, float("inf"))
    for _ in range(min(ROUNDS, 3) if STRICT else 1):
        for name, command in commands.items():
            # A program in JavaScript is compiled while it runs, and starts slowly.
            slow = name in ("autocannon", "inspector")
            turn = clients.turn(command, WARM_UP * (3 if slow else 1), WINDOW)
            best[name] = max(best[name], turn.rate)
            cost[name] = min(cost[name], turn.cpu)
    for name in commands:
        print(f"  {name:10} {best[name]:8.0f} requests/s  {cost[name]:8.2f} us of CPU a request", flush=True)
    # No ratio can be larger than the one to what the server can do.
    most = max(best.values())
    excuse = (f"not shown: the server does {most:.0f}/s at most"
              if best["mcpctl"] >= SERVER_BOUND * most else "")
    for name, limit in there:
        if limit:
            judge(f"requests a second, {BUSY} agents, against {name}",
                  f"{best['mcpctl']:.0f} against {best[name]:.0f}", best["mcpctl"] / best[name],
                  limit / SLACK, at_least=True, excuse=excuse)


def compare_idle(clients: Clients) -> None:
    agents = IDLE + BUSY
    mean = IDLE_FROM * agents / BUSY / 2
    middle = ARRIVE / 2 + IDLE_FROM
    turns = [
        (clients.turn(clients.mcpctl(agents, quiet=f"{mean:.0f}s ± 100 %", arrive=f"{ARRIVE}s"),
                      middle - WINDOW / 2, WINDOW),
         clients.turn(clients.mcpctl(BUSY), WARM_UP, WINDOW))
        for _ in range(3 if STRICT else 1)
    ]
    beside, alone = (min(turn.cpu for turn in side) for side in zip(*turns))
    judge(f"CPU a request, {BUSY} busy agents beside {IDLE} idle ones, against {BUSY} alone",
          f"{beside:.2f} us against {alone:.2f} us", beside / alone, 1.25 * SLACK)


def main() -> int:
    require("nginx", "wrk", "openssl", "taskset")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # nginx drops its rights, and must still reach its files
        with StaticServer(Path(folder)) as server:
            clients = Clients(server, Path(folder))
            compare_rates(clients)
            for connections, scheme, limit in ((64, "http", 1.0), (1000, "http", 1.1), (64, "https", 1.1)):
                compare_cost(clients, connections, scheme, limit)
            compare_idle(clients)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
