"""Runs a command and tells what it cost: measure.py REPORT COMMAND [ARGUMENT...].

A process of its own, and a small one: what a child uses at its peak begins with what its parent
used, so that the test runner itself would be measured.
"""

import json
import os
import sys
import time

start = time.monotonic()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.monotonic() - start
with open(sys.argv[1], "w", encoding="utf-8") as report:
    json.dump({"exit": os.waitstatus_to_exitcode(status), "seconds": seconds,
               "peak_kib": usage.ru_maxrss}, report)
