#!/usr/bin/env bash
# Benchmarks on this machine: installs what is missing, builds them, measures, prints tables with ratios.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: benchmarks/run.sh [--quick] [--no-install] [WORKLOAD...] [option of run.py...]

Installs missing Debian packages, builds the benchmarks (-O3 -DNDEBUG), and measures farcall beside raw sockets that move
the same bytes, and beside the peers that are there. Servers and clients run on a core each, with real-time priority where
that is allowed; all cases of a workload run by turns, round by round.
  --quick        shorter runs and fewer rounds, less than three minutes
  --no-install   take what is installed; peers that are missing are left out
  WORKLOAD       a name, the beginning of one, or a code such as W2; default: all (--list says what there is)
  --subjects A,B only those that begin with one of these words, such as farcall,grpc
  --help         this text
Everything is written to build/bench/results.json, and drawn in build/bench/results.svg. Beside this script:
cost.py (what a call costs: system calls, instructions, allocations, copies), instructions.py (where instructions go),
baseline.py (whether they moved), codec.py (values without sockets), compile_cost.py (translation units).
TEXT
}

install=yes
arguments=()
for argument in "$@"; do
    case "$argument" in
        --no-install) install= ;;
        -h | --help) usage; exit 0 ;;
        *) arguments+=("$argument") ;;
    esac
done

cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ -z $install ]] || tools/setup.sh benchmarks

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Building the benchmarks (build/bench) ..."
{ cmake --preset bench && cmake --build build/bench --parallel "$(nproc)"; } >"$log" 2>&1 || {
    cat "$log" >&2
    echo "run.sh: the build failed" >&2
    exit 1
}

python3 benchmarks/run.py --json build/bench/results.json --svg build/bench/results.svg "${arguments[@]}"
