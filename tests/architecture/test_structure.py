"""The rules that no compiler checks: arrows between folders, layout, sizes, formatting, lint."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = {"CMakeLists.txt", "cli", "lib", "probes", "scenarios", "tests", "packaging", "README.md"}


def tracked(*patterns: str) -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files", "--", *patterns], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [line for line in listing.stdout.splitlines() if (ROOT / line).exists()]


def run(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_includes_point_down_only():
    result = run(sys.executable, "tests/architecture/arrows.py")
    assert result.returncode == 0, result.stdout


def test_the_top_level_holds_nothing_else():
    names = {path.split("/")[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


def test_no_source_file_is_longer_than_400_lines():
    long = {
        path: lines
        for path in tracked("*.cpp", "*.hpp", "*.py", "*.sh")
        if (lines := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_sources_are_formatted():
    result = run("clang-format-19", "--dry-run", "--Werror", *tracked("*.cpp", "*.hpp"))
    assert result.returncode == 0, result.stderr[:4000]


def changed_sources() -> list[str]:
    """What the newest commits touched; MCPCTL_TIDY=all checks every file."""
    sources = tracked("*.cpp")
    if os.environ.get("MCPCTL_TIDY") == "all":
        return sources
    count = int(run("git", "rev-list", "--count", "HEAD").stdout or 0)
    if count < 2:
        return sources[:5]
    base = f"HEAD~{min(5, count - 1)}"
    changed = run("git", "diff", "--name-only", base, "HEAD", "--", "*.cpp").stdout.split()
    return [path for path in changed if path in sources][:8]


def test_clang_tidy_finds_nothing_in_changed_files():
    build = Path(os.environ.get("MCPCTL_BUILD", ROOT / "build" / "release"))
    database = build / "compile_commands.json"
    if not database.exists():
        pytest.fail(f"{database} is missing: build first")
    known = database.read_text(encoding="utf-8")
    sources = [path for path in changed_sources() if f"{ROOT / path}" in known]
    if not sources:
        pytest.skip("the newest commits changed no C++ source")
    workers = os.cpu_count() or 1
    running = [
        subprocess.Popen(
            ["clang-tidy-19", "--quiet", "-p", str(build), *sources[start::workers]],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        for start in range(workers)
        if sources[start::workers]
    ]
    output = [(process.communicate()[0], process.returncode) for process in running]
    assert all(code == 0 for _, code in output), "".join(text for text, _ in output)[:8000]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    build = Path(os.environ.get("MCPCTL_BUILD", ROOT / "build" / "release"))
    prefix = tmp_path_factory.mktemp("prefix")
    result = run("cmake", "--install", str(build), "--prefix", str(prefix))
    assert result.returncode == 0, result.stdout + result.stderr
    return prefix


def test_an_installed_library_builds_a_program_of_somebody_else(installed, tmp_path):
    source = ROOT / "tests" / "integration" / "consumer"
    configured = run(
        "cmake", "-S", str(source), "-B", str(tmp_path), "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={installed}"
    )
    assert configured.returncode == 0, configured.stdout + configured.stderr
    built = run("cmake", "--build", str(tmp_path))
    assert built.returncode == 0, built.stdout + built.stderr
    with subprocess.Popen(
        [str(installed / "bin" / "mcpctl"), "testserver", "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE, text=True,
    ) as server:
        try:
            url = server.stdout.readline().split()[-1]
            result = run(str(tmp_path / "consumer"), url)
        finally:
            server.terminate()
    assert result.returncode == 0, result.stdout + result.stderr
    assert "tools" in result.stdout
