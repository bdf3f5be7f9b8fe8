#!/bin/sh
# Installs what the tests need, builds everything twice (g++ release, clang with sanitizers) and the
# load driver once more (clang, thread sanitizer), and runs all tests. The last line is "N passed,
# N failed, N skipped", counted from the JUnit files that the runners wrote; exits non-zero on any
# failure.
#
#   tests/run.sh              everything
#   tests/run.sh --fast       the release build and its unit, CLI and integration tests only
set -u

root=$(cd "$(dirname "$0")/.." && pwd)
build=${MCPCTL_BUILD_DIR:-$root/build}
results=$build/results
fast=${1:-}
pytest="/usr/bin/python3 -m pytest -q -rs"
export PYTHONDONTWRITEBYTECODE=1
started=$(date +%s)

say() { printf '\n== %s (%s s)\n' "$*" "$(($(date +%s) - started))"; }
# A step that must work before tests can run; its failure is a failed run.
must() { "$@" || { echo "tests/run.sh: failed: $*" >&2; echo "0 passed, 1 failed"; exit 1; }; }

configure() { # DIRECTORY OPTIONS…
  directory=$1
  shift
  must cmake -S "$root" -B "$directory" -G Ninja -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@"
}
# Functions and lines are all that a report of a sanitizer names, so that no more is written.
configure_sanitized() { # DIRECTORY SANITIZERS
  configure "$1" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-g1 -DCMAKE_CXX_COMPILER=clang++-19 \
    -DMCPCTL_SANITIZE="$2" -DMCPCTL_BUILD_TESTS=ON >/dev/null
}
# Runs each doctest program of a build directory; a crash counts as a failure even if the program
# could not write its file. Unit tests reckon in virtual time and run side by side; integration
# tests have the machine to themselves.
run_doctests() { # DIRECTORY NAME
  list_programs "$1"/tests/unit/*/unit_* | xargs -P "$(nproc)" -I PROGRAM sh -c "$run_doctest" sh PROGRAM "$2" "$results"
  list_programs "$1"/tests/integration/*/integration_* | xargs -I PROGRAM sh -c "$run_doctest" sh PROGRAM "$2" "$results"
}
list_programs() { # FILES…
  for program in "$@"; do
    if [ -f "$program" ] && [ -x "$program" ]; then echo "$program"; fi
  done
}
run_doctest='
  name=$2-$(basename "$1")
  "$1" -r=junit -o="$3/$name.xml" >"$3/$name.log" 2>&1
  status=$?
  [ $status = 0 ] || { cat "$3/$name.log"; echo "$name: exit status $status" | tee "$3/$name.failed"; }
'
# Those of the command line mostly wait for servers: four at a time, but for the table of faults,
# which measures how long each probe takes.
run_pytest() { # NAME BINARY OPTIONS… PATHS…
  name=$1
  MCPCTL=$2
  export MCPCTL
  shift 2
  start_pytest "$name" "$@"
  # They wait in real time for real processes, and another program may have the machine just then:
  # what failed has one more try, alone, and the summary tells it apart. Many are no such accident,
  # and what a sanitizer found counts whatever comes of the try.
  failed=$(grep -oE '<(failure|error) ' "$results/$name.xml" | wc -l)
  if [ "$failed" -gt 0 ] && [ "$failed" -le 3 ]; then
    say "second try of $failed: $name"
    start_pytest "$name.again" "$@" -n 0 --last-failed
  fi
}
start_pytest() { # FILE OPTIONS… PATHS…
  file=$1
  shift
  # shellcheck disable=SC2086  # pytest is a command with arguments
  $pytest "$@" --junitxml="$results/$file.xml" -o junit_suite_name="$name" -o cache_dir="$results/cache/$name"
  status=$?
  # 1 is "some tests failed", which the file counts; anything else is a failure of its own.
  case $status in 0 | 1) ;; *) echo "$file: pytest exit status $status" | tee "$results/$file.failed" ;; esac
}

say "packages"
must "$root/packaging/install-packages.sh" test
rm -rf "$results"
mkdir -p "$results/sanitizers"
# A report counts also where nobody looks at the exit code of the process that made it.
for sanitizer in ASAN UBSAN TSAN; do
  export "${sanitizer}_OPTIONS=log_path=$results/sanitizers/report"
done

say "release build"
configure "$build/release" -DCMAKE_BUILD_TYPE=Release -DMCPCTL_BUILD_TESTS=ON >/dev/null
must cmake --build "$build/release"
mcpctl=$build/release/cli/mcpctl

say "unit tests"
run_doctests "$build/release" release
cd "$root" || exit 1

say "command line, faults, fuzz corpus"
MCPCTL_BUILD=$build/release run_pytest cli "$mcpctl" -n 4 --ignore tests/cli/faults tests/cli tests/fuzz
MCPCTL_BUILD=$build/release run_pytest faults "$mcpctl" tests/cli/faults

if [ "$fast" != --fast ]; then
  say "structure, format, lint, install"
  MCPCTL_BUILD=$build/release run_pytest architecture "$mcpctl" tests/architecture

  say "real servers"
  must bash tests/integration/real/install.sh "$build/real"
  MCPCTL_REAL_DIR="$build/real" run_pytest real "$mcpctl" tests/integration/real

  say "nginx and haproxy"
  MCPCTL_REAL_DIR="$build/real" run_pytest proxies "$mcpctl" tests/integration/proxies

  say "official conformance suite"
  MCPCTL_REAL_DIR="$build/real" run_pytest conformance "$mcpctl" tests/conformance

  say "sanitizer build (clang, address and undefined)"
  configure_sanitized "$build/sanitize" address,undefined
  must cmake --build "$build/sanitize"
  say "tests under sanitizers"
  run_doctests "$build/sanitize" sanitize
  MCPCTL_SLOW_BUILD=1 MCPCTL_BUILD=$build/sanitize run_pytest cli-sanitize \
    "$build/sanitize/cli/mcpctl" -n 4 --ignore tests/cli/faults tests/cli tests/fuzz
  MCPCTL_SLOW_BUILD=1 MCPCTL_BUILD=$build/sanitize run_pytest faults-sanitize \
    "$build/sanitize/cli/mcpctl" tests/cli/faults

  # Threads meet in the load driver and the exporter only: no more than that is built once more.
  say "thread sanitizer build (clang)"
  configure_sanitized "$build/tsan" thread
  must cmake --build "$build/tsan" --target integration_load unit_scenarios mcpctl
  say "the load driver and the exporter under the thread sanitizer"
  run_doctests "$build/tsan" tsan
  MCPCTL_SLOW_BUILD=1 run_pytest cli-tsan "$build/tsan/cli/mcpctl" -n 2 tests/cli/test_load_threads.py \
    tests/cli/test_exporter.py

  say "figures"
  must bash tests/bench/tools/install.sh "$build/bench-tools"
  for bench in probe drift load load_idle load_pace sidecar_proxy; do
    MCPCTL=$mcpctl MCPCTL_BENCH_TOOLS=$build/bench-tools /usr/bin/python3 tests/bench/$bench.py ||
      echo "$bench: failed" | tee "$results/$bench.failed"
  done
fi

say "done"
/usr/bin/python3 tests/summary.py "$results"
