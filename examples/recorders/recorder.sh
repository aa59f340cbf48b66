# Writes what curl asks and is answered as a history for `action-oracle check`. For one client, not
# in a pipe or a subshell, which would count by themselves; bodies are JSON. Its
# variables begin with HISTORY_ or history_.
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
    history_method=$1 history_path=$2 history_body=$3
    shift 3
    HISTORY_ID=$((HISTORY_ID + 1))
    history_write "{\"kind\":\"invoke\",\"id\":$HISTORY_ID,\"client\":\"c0\",\"method\":\"$history_method\",\"path\":\"$history_path\"${history_body:+,\"body\":$history_body}}"
    [ -z "$history_body" ] || set -- "$@" -H 'Content-Type: application/json' -d "$history_body"
    if history_answer=$(curl -sS -X "$history_method" -w '\n%{http_code}' "$@" "$HISTORY_URL$history_path"); then
        history_status=${history_answer##*
}
        history_answer=${history_answer%
*}
        history_text=$(printf %s "$history_answer" | tr '\r\n' '  ')
        history_write "{\"kind\":\"return\",\"id\":$HISTORY_ID,\"status\":$history_status${history_text:+,\"body\":$history_text}}"
        printf '%s\n' "$history_answer"
    else
        history_write "{\"kind\":\"lost\",\"id\":$HISTORY_ID,\"why\":\"curl ended with $?\"}"
        return 1
    fi
}

history_end() {
    echo "{\"kind\":\"end\",\"records\":$HISTORY_RECORDS}" >>"$HISTORY"
}
