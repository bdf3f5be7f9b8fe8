#!/bin/sh
# From a bare Debian 12 to a probed and loaded MCP server: installs the build packages, builds mcpctl
# and runs its demo against the built-in test server. Run as root, or with the packages installed.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
build=${MCPCTL_BUILD_DIR:-$root/build/release}

"$root/packaging/install-packages.sh" build
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DMCPCTL_BUILD_TESTS=OFF \
  -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >/dev/null
cmake --build "$build" --target mcpctl
"$build/cli/mcpctl" demo
echo
echo "mcpctl is built: $build/cli/mcpctl"
echo "next: $build/cli/mcpctl probe https://YOUR-SERVER/mcp"
echo "then: $build/cli/mcpctl load run burst-idle https://YOUR-SERVER/mcp"
