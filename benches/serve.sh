#!/usr/bin/env bash
# How fast `serve` is, side by side with Prism, a mock server with canned answers.
#
#     benches/serve.sh [SECONDS]            a table: speed, delays, memory, start
#     benches/serve.sh memory [REQUESTS]    memory while so many requests are answered
#
# Needs wrk (Debian: wrk) and, for the comparison, npx; without npx it is left out. Everything runs on this machine,
# client included, so that the ratio says more than the speeds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

binary=target/release/action-oracle
host=127.0.0.1
port=19443
mock_port=19444
auth='Authorization: Basic YWRtaW46YWRtaW4='
path=/v1/nodes/1/actions
pids=()

cleanup() {
    for pid in "${pids[@]}"; do
        # With its whole group: npx puts other processes around the server.
        kill -- "-$pid" 2>/dev/null || true
    done
}
trap cleanup EXIT

# Starts a command and waits for its first answer: sets `server` and `start_ms`.
start() {
    local at=$1 began line="" tries=0
    shift
    began=$(date +%s%N)
    set -m
    "$@" >/dev/null 2>&1 &
    set +m
    server=$!
    pids+=("$server")
    until [[ $line == HTTP/1.1\ 200* ]]; do
        if { exec 3<>"/dev/tcp/$host/$at"; } 2>/dev/null; then
            printf 'GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\nConnection: close\r\n\r\n' "$path" "$host" "$auth" >&3
            read -r line <&3 || true
            exec 3>&-
        fi
        if ((++tries > 1000)) || ! kill -0 "$server" 2>/dev/null; then
            echo "error: no answer from: $*" >&2
            return 1
        fi
        # A server that is slow to start is not disturbed; the first tries follow each other at once.
        if ((tries > 100)); then sleep 0.1; else sleep 0.002; fi
    done
    start_ms=$((($(date +%s%N) - began) / 1000000))
}

# The process that listens: npx puts others around it.
resident_kb() {
    local found
    found=$(ss -Hltnp "sport = :$1" 2>/dev/null | grep -o 'pid=[0-9]*' | head -n 1 | cut -d= -f2)
    awk '/VmRSS/ { print $2 }' "/proc/${found:-$server}/status"
}

# What wrk says of 64 connections to a port: requests a second, p50, p99, and answers that were none.
load() {
    wrk --latency --threads 1 --connections 64 --duration "${2}s" --header "$auth" "${@:3}" "http://$host:$1$path" |
        awk '/Requests\/sec/ { rate = $2 } / 50%/ { half = $2 } / 99%/ { most = $2 } / requests in / { count = $1 }
            /Socket errors/ { errors = $4 + $6 + $8 + $10 } END { print rate, half, most, errors + 0, count }'
}

# Notes one row of the table: the name, the port, then what wrk needs.
measure() {
    local figures
    figures=$(load "$2" "$seconds" "${@:3}")
    rows+=("$1|$figures|$(resident_kb "$2")|$start_ms")
    rate=${figures%% *}
}

table() {
    local rows=() rate=0
    start "$port" "$binary" serve --listen "$host:$port"
    measure "serve, one list" "$port"
    measure "serve, start, read and clear on 3 nodes" "$port" --script benches/serve/mix.lua
    measure "serve, one list once more" "$port"
    rate=0
    if command -v npx >/dev/null; then
        start "$mock_port" npx --yes @stoplight/prism-cli mock --host "$host" --port "$mock_port" \
            benches/serve/actions.openapi.json
        measure "Prism, one list" "$mock_port"
    else
        echo "npx is missing: no comparison with Prism"
    fi
    echo "64 connections, $seconds s each"
    printf '%s\n' "${rows[@]}" | awk -F '[| ]' -v mock="$rate" '
        BEGIN {
            format = "%-40s %10s %9s %9s %7s %9s %10s %12s\n"
            printf format, "", "requests/s", "p50", "p99", "errors", "RSS, kB", "start, ms", "times Prism"
        }
        {
            name = $1
            for (at = 2; at <= NF - 7; at++) name = name " " $at
            ratio = mock > 0 ? sprintf("%.1f", $(NF - 6) / mock) : "-"
            printf format, name, int($(NF - 6)), $(NF - 5), $(NF - 4), $(NF - 3), $(NF - 1), $NF, ratio
        }'
}

memory() {
    local answered=0 count
    start "$port" "$binary" serve --listen "$host:$port"
    printf '%12s %9s\n' requests "RSS, kB"
    printf '%12d %9d\n' "$answered" "$(resident_kb "$port")"
    while ((answered < $1)); do
        read -r _ _ _ _ count < <(load "$port" 10 --script benches/serve/mix.lua)
        answered=$((answered + count))
        printf '%12d %9d\n' "$answered" "$(resident_kb "$port")"
    done
}

command -v wrk >/dev/null || {
    echo "error: wrk is missing" >&2
    exit 2
}
cargo build --release --quiet
case ${1:-10} in
    memory) memory "${2:-10000000}" ;;
    *)
        seconds=${1:-10}
        table
        ;;
esac
