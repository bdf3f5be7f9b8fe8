#!/bin/bash
# Installs the programs that tests/bench compares with and Debian does not have into DIR (default:
# build/bench-tools), pinned by package-lock.json. Does nothing when DIR holds exactly these.
#   tests/bench/tools/install.sh [DIR]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${1:-$here/../../../build/bench-tools}

stamp=$(cat "$here/package-lock.json" "$here/install.sh" | sha256sum | cut -d' ' -f1)
mkdir -p "$dir/bin"
dir=$(cd "$dir" && pwd)
exec 9>"$dir/.lock"
flock 9
[ "$(cat "$dir/.stamp" 2>/dev/null)" = "$stamp" ] && exit 0
rm -f "$dir/.stamp"

cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$dir/"
(cd "$dir" && npm ci --no-progress --loglevel=error >&2)
# The Inspector needs node 22, Debian 12 has 18: npm brings the program itself.
for program in "$dir"/node_modules/node-linux-*/bin/node; do ln -sf "$program" "$dir/bin/node"; done
"$dir/bin/node" --version >&2
echo "$stamp" >"$dir/.stamp"
