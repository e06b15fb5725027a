#!/usr/bin/env bash
# The calculator: a server and a client on this machine, started, run and cleaned up.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: examples/run.sh [--programs FOLDER]

Installs missing Debian packages, builds the calculator example, starts its server on a free port of 127.0.0.1, runs
its client against it, and stops the server.
  --programs FOLDER   use calculator_server and calculator_client from there, install and build nothing
  --help              this text
TEXT
}

programs=
case "${1-}" in
    "") ;;
    --programs)
        programs=$(realpath -- "${2-}" 2>/dev/null || true)
        if [[ ! -x $programs/calculator_server || ! -x $programs/calculator_client ]]; then
            echo "run.sh: --programs needs the folder of calculator_server and calculator_client" >&2
            exit 2
        fi
        ;;
    -h | --help) usage; exit 0 ;;
    *) echo "run.sh: unknown option $1" >&2; usage >&2; exit 2 ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
server=
clean_up() {
    if [[ -n $server ]]; then
        kill -KILL "$server" || true
        wait "$server" || true
    fi 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT

fail() {
    echo "run.sh: $1" >&2
    exit 1
}

if [[ -z $programs ]]; then
    tools/setup.sh examples
    echo "Building the calculator (build/examples) ..."
    { cmake --preset examples && cmake --build build/examples --target calculator_server calculator_client --parallel "$(nproc)"; } \
        >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "the build failed"; }
    programs=build/examples/examples
fi

# The server's output comes through a pipe: no guess when it is ready, and its end is seen.
mkfifo "$work/output"
"$programs/calculator_server" tcp://127.0.0.1:0 >"$work/output" &
server=$!
exec 3<"$work/output"

url=
while [[ -z $url ]] && IFS= read -r -t 30 line <&3; do
    echo "server: $line"
    [[ $line =~ listening\ on\ (tcp://[^ ]+:[0-9]+) ]] && url=${BASH_REMATCH[1]}
done
[[ -n $url ]] || fail "the server did not start"

"$programs/calculator_client" "$url" || fail "the client failed"

kill -TERM "$server"
ended=0
while IFS= read -r -t 30 line <&3 || { ended=$?; false; }; do
    echo "server: $line"
done
((ended == 1)) || fail "the server did not stop within 30 s"   # 1: its output has ended; more: nothing came in time
stopped=0
wait "$server" || stopped=$?
server=
((stopped == 0)) || fail "the server ended with $stopped"

echo "Done: the client's calls are answered, the server has stopped, its port is free."
