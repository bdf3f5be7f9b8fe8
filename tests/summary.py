#!/usr/bin/env python3
"""Adds up the JUnit files of a directory; the last line printed is "N passed, N failed, N skipped".

A FILE.failed beside them is a runner that broke (crash, no tests): one failure each. Exits 1 when
anything failed or when no test ran.
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def outcome(case) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def main(directory: Path) -> int:
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for path in sorted(directory.glob("*.xml")):
        try:
            cases = list(ElementTree.parse(path).getroot().iter("testcase"))
        except ElementTree.ParseError as error:
            print(f"{path.name}: cannot be read: {error}")
            counts["failed"] += 1
            continue
        for case in cases:
            result = outcome(case)
            counts[result] += 1
            if result != "passed":
                print(f"{result}: {path.stem}: {case.get('classname', '')} {case.get('name', '')}")
    for path in sorted(directory.glob("*.failed")):
        print(f"failed: {path.read_text(encoding='utf-8').strip()}")
        counts["failed"] += 1
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
