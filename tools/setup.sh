#!/usr/bin/env bash
# Installs the Debian packages that farcall needs, when some are missing.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: tools/setup.sh [examples | tests | sanitizers | benchmarks]

Installs what is missing (Debian 12 and its relatives; needs root or sudo for that, and nothing when all is there):
  examples     compiler, CMake, Ninja, Boost's headers, RapidJSON
  tests        the same, GoogleTest, CLI11, clang 19, Python, pkg-config, ccache, Doxygen,
               node and npm, Chromium, foreign JSON-RPC clients, spdlog   (default)
  sanitizers   the same, clang's run-time libraries and its symbolizer
  benchmarks   what tests need, a load generator for HTTP, valgrind, strace, and the peers: gRPC, Cap'n Proto, Thrift
TEXT
}

packages=(g++ cmake ninja-build libboost1.81-dev rapidjson-dev)
tests=(libgtest-dev clang-19 python3 pkg-config ccache doxygen libcli11-dev)
tests+=(libjsonrpccpp-dev python3-jsonrpclib-pelix python3-websocket curl netcat-openbsd)  # foreign clients
tests+=(chromium fonts-dejavu-core)  # the page, and what pages of others can do
tests+=(tmux)  # farcall top
tests+=(libspdlog-dev)  # an adapter for it
tests+=(prometheus)  # scrapes /metrics, and promtool
benchmarks=(wrk valgrind strace)
benchmarks+=(libgrpc++-dev protobuf-compiler-grpc capnproto libcapnp-dev thrift-compiler libthrift-dev libevent-dev)
sanitizers=(libclang-rt-19-dev llvm-19)  # llvm-19: names in reports, by which known false ones are passed over
# Whoever has node from elsewhere keeps it; Debian's own npm brings hundreds of packages.
command -v node >/dev/null || tests+=(nodejs)
command -v npm >/dev/null || tests+=(npm)

case "${1-tests}" in
    examples) ;;
    tests) packages+=("${tests[@]}") ;;
    sanitizers) packages+=("${tests[@]}" "${sanitizers[@]}") ;;
    benchmarks) packages+=("${tests[@]}" "${benchmarks[@]}") ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac

if ! command -v apt-get >/dev/null; then
    echo "setup: no apt-get here, nothing was installed. Needed: ${packages[*]}" >&2
    exit 0
fi

missing=()
for package in "${packages[@]}"; do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
    exit 0
fi

as_root=()
if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
        echo "setup: these packages are missing, and there is neither root nor sudo to install them: ${missing[*]}" >&2
        echo "setup: as root, run: apt-get update && apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
    [[ -t 0 ]] || as_root=(sudo -n)   # nobody is there to type a password
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null
}

echo "setup: installing ${missing[*]}"
# A third party's source that does not answer is no reason to stop: the packages are Debian's own.
apt update || echo "setup: apt-get update did not end well, going on with what it got" >&2
if ! apt install --yes --no-install-recommends "${missing[@]}"; then
    cat "$log" >&2
    echo "setup: could not install ${missing[*]}" >&2
    exit 1
fi
