#!/bin/sh
# Installs Debian 12 packages: install-packages.sh build | test.
# `build` is what compiling and running mcpctl needs; `test` adds what the tests need.
set -eu

build="g++ cmake ninja-build ccache pkg-config ca-certificates
  libboost1.81-dev libcurl4-openssl-dev libssl-dev nlohmann-json3-dev libfmt-dev libcli11-dev
  libyaml-cpp-dev zlib1g-dev libjs-chart.js"
test="doctest-dev clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev git curl openssl procps
  python3 python3-pytest python3-pytest-xdist python3-venv python3-jsonschema python3-yaml nginx haproxy
  prometheus chromium chromium-driver wrk hey nghttp2-client libnginx-mod-http-echo"

# A Node.js that was installed otherwise brings its npm, and conflicts with Debian's.
command -v npm >/dev/null 2>&1 || test="$test nodejs npm"

case "${1:-}" in
  build) wanted=$build ;;
  test) wanted="$build $test" ;;
  *) echo "usage: $0 build|test" >&2; exit 2 ;;
esac

missing=
for package in $wanted; do
  if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
    missing="$missing $package"
  fi
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
  echo "install-packages: these packages are missing:$missing" >&2
  echo "run this as root, or: sudo apt-get install$missing" >&2
  exit 2
fi
export DEBIAN_FRONTEND=noninteractive
# Services that a package would start are not wanted: the tests start their own.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' > $policy
  chmod +x $policy
  trap 'rm -f $policy' EXIT
fi
apt-get update -qq
# shellcheck disable=SC2086  # a list of names
apt-get install -y -qq --no-install-recommends $missing >/dev/null
