#!/usr/bin/env python3
"""Adds up the JUnit files of a directory; the last line printed is "N passed, N failed, N skipped".

FILE.again.xml holds the second try of what failed in FILE.xml: a test that passes there counts as
passed, and is told. A FILE.failed beside them is a runner that broke (crash, no tests), and a file
in sanitizers/ a report of one: one failure each. Exits 1 when anything failed or when no test ran.
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def outcome(case) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def outcomes(path: Path) -> list[tuple[str, str]]:
    """The name and the outcome of each test in a file."""
    return [(f"{case.get('classname', '')} {case.get('name', '')}", outcome(case))
            for case in ElementTree.parse(path).getroot().iter("testcase")]


def main(directory: Path) -> int:
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for path in sorted(directory.glob("*.xml")):
        if path.stem.endswith(".again"):
            continue
        again = path.with_suffix(".again.xml")
        try:
            first = outcomes(path)
            second = dict(outcomes(again)) if again.exists() else {}
        except ElementTree.ParseError as error:
            print(f"{path.name}: cannot be read: {error}")
            counts["failed"] += 1
            continue
        for name, result in first:
            if result == "failed" and second.get(name) == "passed":
                print(f"passed at its second try: {path.stem}: {name}")
                result = "passed"
            elif result != "passed":
                print(f"{result}: {path.stem}: {name}")
            counts[result] += 1
    for path in sorted(directory.glob("*.failed")):
        print(f"failed: {path.read_text(encoding='utf-8').strip()}")
        counts["failed"] += 1
    for path in sorted(directory.glob("sanitizers/*")):
        print(f"failed: a sanitizer's report:\n{path.read_text(encoding='utf-8', errors='replace')}")
        counts["failed"] += 1
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
