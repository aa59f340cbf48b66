#!/bin/sh
# Puts a node into maintenance, and returns when it is there.
#
#     maintenance_on.sh https://127.0.0.1:9443 1 admin:admin
#
# Ends with 0 when the node is in maintenance, with 1 and a sentence when it is not. Needs curl.
set -eu

action="$1/v1/nodes/$2/actions/maintenance_on"
user="$3"

# The code of the answer, after its body on a line of its own; 000 if there was none.
call() {
    curl -sk --max-time 10 -u "$user" -w '\n%{http_code}' "$@" "$action" || true
}

code() {
    printf '%s\n' "$1" | tail -n 1
}

# The text of a member of the JSON object in an answer.
member() {
    printf '%s\n' "$1" | sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p"
}

known=$(member "$(call)" task_id)
tries=0
while :; do
    answer=$(call -X POST -H 'Content-Type: application/json' -d '{}')
    case $(code "$answer") in
    200) break ;;
    409)
        echo "a run is under way already; waiting for that one"
        break
        ;;
    000)
        # Nobody answered, but the request may have been carried out: then there is another task than before.
        found=$(member "$(call)" task_id)
        if [ -n "$found" ] && [ "$found" != "$known" ]; then
            break
        fi
        tries=$((tries + 1))
        if [ "$tries" -ge 5 ]; then
            echo "the cluster does not answer" >&2
            exit 1
        fi
        ;;
    *)
        echo "maintenance_on was refused: $(code "$answer")" >&2
        exit 1
        ;;
    esac
done

tries=0
while :; do
    answer=$(call)
    case $(member "$answer" status) in
    completed)
        echo "node $2 is in maintenance"
        exit 0
        ;;
    failed | cancelled | aborted)
        echo "maintenance_on $(member "$answer" status): $(member "$answer" error_code)" >&2
        exit 1
        ;;
    esac
    tries=$((tries + 1))
    if [ "$tries" -ge 1000 ]; then
        echo "the action does not end" >&2
        exit 1
    fi
    sleep 0.02
done
