# Writes what curl asks and is answered as a history for `action-oracle check`. For one client, not
# in a pipe or a subshell, which would count by themselves; bodies are JSON.
#
#   . ./recorder.sh
#   history_begin run.jsonl https://127.0.0.1:9443 '"initial":"empty"'
#   recorded POST /v1/nodes/1/actions/remove '{}' -u admin:admin >answer    # curl's options come last
#   history_end

history_begin() {
    HISTORY=$1 HISTORY_URL=$2 HISTORY_ID=0 HISTORY_RECORDS=0
    echo "{\"format\":\"action-oracle/history\",\"version\":1,${3:-\"initial\":\"unknown\"}}" >"$HISTORY"
}

history_write() {
    HISTORY_RECORDS=$((HISTORY_RECORDS + 1))
    echo "$1" >>"$HISTORY"
}

recorded() {
    method=$1 path=$2 body=$3
    shift 3
    HISTORY_ID=$((HISTORY_ID + 1))
    history_write "{\"kind\":\"invoke\",\"id\":$HISTORY_ID,\"client\":\"c0\",\"method\":\"$method\",\"path\":\"$path\"${body:+,\"body\":$body}}"
    [ -z "$body" ] || set -- "$@" -H 'Content-Type: application/json' -d "$body"
    if answer=$(curl -sS -X "$method" -w '\n%{http_code}' "$@" "$HISTORY_URL$path"); then
        status=${answer##*
}
        answer=${answer%
*}
        text=$(printf %s "$answer" | tr '\r\n' '  ')
        history_write "{\"kind\":\"return\",\"id\":$HISTORY_ID,\"status\":$status${text:+,\"body\":$text}}"
        printf '%s\n' "$answer"
    else
        history_write "{\"kind\":\"lost\",\"id\":$HISTORY_ID,\"why\":\"curl ended with $?\"}"
        return 1
    fi
}

history_end() {
    echo "{\"kind\":\"end\",\"records\":$HISTORY_RECORDS}" >>"$HISTORY"
}
