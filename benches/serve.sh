#!/usr/bin/env bash
# How fast `serve` is, side by side with Prism, a mock server with canned answers.
#
#     benches/serve.sh [SECONDS]
#
# Needs wrk (Debian: wrk) and, for the comparison, npx with @stoplight/prism-cli; without npx it is left out. Everything
# runs on this machine, client included, so that figures are ratios more than speeds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${1:-10}
connections=64
binary=target/release/action-oracle
address=127.0.0.1:19443
mock=127.0.0.1:19444
auth='Authorization: Basic YWRtaW46YWRtaW4='
pids=()

cleanup() {
    for pid in "${pids[@]}"; do
        kill "$pid" 2>/dev/null || true
    done
}
trap cleanup EXIT

command -v wrk >/dev/null || {
    echo "error: wrk is missing" >&2
    exit 2
}
cargo build --release --quiet

# Milliseconds until the first answer.
start=$(date +%s%N)
"$binary" serve --listen "$address" >/dev/null &
server=$!
pids+=("$server")
until curl -sf -o /dev/null -H "$auth" "http://$address/v1/nodes"; do :; done
echo "start to first answer: $((($(date +%s%N) - start) / 1000000)) ms, with the client's own start"

resident() {
    awk '/VmRSS/ { print $2 }' "/proc/$server/status"
}

measure() {
    echo "== $1"
    wrk --latency -t 1 -c "$connections" -d "${seconds}s" -H "$auth" "${@:3}" "$2" |
        grep -E 'Requests/sec|99%|requests in|Non-2xx|Socket errors' || true
}

measure "one action, read" "http://$address/v1/nodes/1/actions"
before=$(resident)
measure "actions started, read and deleted on three nodes" "http://$address" -s benches/serve/mix.lua
measure "the same again" "http://$address" -s benches/serve/mix.lua
echo "resident memory: $before kB before, $(resident) kB after"

if command -v npx >/dev/null; then
    npx --yes @stoplight/prism-cli mock --host "${mock%:*}" --port "${mock#*:}" benches/serve/actions.openapi.json \
        >/dev/null 2>&1 &
    pids+=("$!")
    for _ in $(seq 120); do
        curl -sf -o /dev/null "http://$mock/v1/nodes/1/actions" && break
        sleep 0.5
    done
    measure "Prism, the same read" "http://$mock/v1/nodes/1/actions"
else
    echo "npx is missing: no comparison"
fi
