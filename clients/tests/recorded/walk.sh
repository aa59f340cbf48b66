# One run to its end, recorded. Arguments: the folder of the recorder, the URL, the history.
. "$1/recorder.sh"
history_begin "$3" "$2" '"initial":"empty","edition":"E-74"'
place=/v1/nodes/1/actions/maintenance_on
answer=$3.answer
recorded POST $place '{}' -u admin:admin >"$answer"
until grep -q '"completed"' "$answer"; do
    recorded GET $place '' -u admin:admin >"$answer"
done
recorded POST $place '[]' -u admin:admin >"$answer"
recorded DELETE $place '' -u admin:admin >"$answer"
recorded GET $place '' -u admin:admin >"$answer"
HISTORY_URL=http://127.0.0.1:1 recorded GET /v1/nodes/actions '' -u admin:admin 2>"$answer" || history_end
