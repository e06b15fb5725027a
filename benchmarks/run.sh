#!/usr/bin/env bash
# Benchmarks on this machine: builds them, runs them, prints tables with ratios.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: benchmarks/run.sh [--quick] [--all]

Installs missing Debian packages, builds the benchmarks (-O3), and measures: ping-pong latency and calls per second with
64 in flight, against raw sockets that move the same bytes; calls over HTTP, by wrk; allocations per call. Servers and
clients run on a core each, with real-time priority where that is allowed.
  --quick   fewer calls, about 20 s; otherwise about 2 minutes
  --all     also what one translation unit costs to compile, and instructions per call by callgrind (if valgrind is there)
  --help    this text
Everything is written to build/bench/results.json (and compile_cost.json), too.
TEXT
}

quick=()
all=
for argument in "$@"; do
    case "$argument" in
        --quick) quick=(--quick) ;;
        --all) all=yes ;;
        -h | --help) usage; exit 0 ;;
        *) echo "run.sh: unknown option $argument" >&2; usage >&2; exit 2 ;;
    esac
done

cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/setup.sh benchmarks

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Building the benchmarks (build/bench) ..."
{ cmake --preset bench && cmake --build build/bench --parallel "$(nproc)"; } >"$log" 2>&1 || {
    cat "$log" >&2
    echo "run.sh: the build failed" >&2
    exit 1
}

python3 benchmarks/run.py "${quick[@]}" --json build/bench/results.json

echo
python3 benchmarks/http.py "${quick[@]}" --json build/bench/http.json

echo
echo "Allocations in steady state"
build/bench/benchmarks/allocations

if [[ -n $all ]]; then
    echo
    python3 benchmarks/compile_cost.py --json build/bench/compile_cost.json
    echo
    if command -v valgrind >/dev/null; then
        python3 benchmarks/instructions.py --client all --top 12
    else
        echo "Instructions per call: valgrind is not installed, left out"
    fi
fi
