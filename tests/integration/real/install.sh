#!/bin/bash
# Installs what tests/integration/real and tests/conformance run into DIR (default:
# build/real), pinned by package-lock.json and requirements*.txt. Does nothing when
# DIR already holds exactly these versions.
#   tests/integration/real/install.sh [DIR]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${1:-$here/../../../build/real}

need_debian() {
    local missing=()
    command -v npm >/dev/null || missing+=(npm)
    /usr/bin/python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ]; then
        echo "install.sh: missing ${missing[*]}: apt-get install ${missing[*]}" >&2
        exit 2
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

make_venv() {
    local name=$1 requirements=$2
    rm -rf "${dir:?}/$name"
    /usr/bin/python3 -m venv "$dir/$name"
    "$dir/$name/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$here/$requirements"
    "$dir/$name/bin/pip" check >&2
}

# The stamp is the inputs' digest: a changed pin reinstalls, anything else is a no-op.
stamp=$(cat "$here/package-lock.json" "$here"/requirements*.txt "$here/install.sh" | sha256sum | cut -d' ' -f1)
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
exec 9>"$dir/.lock"
flock 9
[ "$(cat "$dir/.stamp" 2>/dev/null)" = "$stamp" ] && exit 0
rm -f "$dir/.stamp"

need_debian
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$dir/"
(cd "$dir" && npm ci --no-progress --loglevel=error >&2)
# The servers need node 22, Debian 12 has 18: npm brings the program itself.
mkdir -p "$dir/bin"
for program in "$dir"/node_modules/node-linux-*/bin/node; do ln -sf "$program" "$dir/bin/node"; done
"$dir/bin/node" --version >&2
make_venv python requirements.txt
make_venv python-v1 requirements-v1.txt
echo "$stamp" >"$dir/.stamp"
