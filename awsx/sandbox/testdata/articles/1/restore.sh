# What the author left for another time.
set -eu
. ../say.sh
json='Content-Type: application/json'
snapshot="https://$DOMAIN/_snapshot/my-snapshot-repo/my-snapshot-1"

ask still-there -X POST "$snapshot/_restore" -H "$json" -d '{"indices": "movies,.kibana_1"}'
ask delete -X DELETE "https://$DOMAIN/movies"
ask gone -X GET "https://$DOMAIN/movies/_count"
ask restore -X POST "$snapshot/_restore" -H "$json" -d '{"indices": "movies"}'
ask back -X GET "https://$DOMAIN/movies/_search?q=mars"
