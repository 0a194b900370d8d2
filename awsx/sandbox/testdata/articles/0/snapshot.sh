# The snapshot, of everything there is.
set -eu
. ../say.sh
snapshot="https://$DOMAIN/_snapshot/my-snapshot-repo"
ask excluding -X PUT -u "$MASTER:$PASSWORD" -H 'Content-Type: application/json' "$snapshot/excluding" -d '{"indices": "-.opendistro_security,index*"}'
ask create -X PUT -u "$MASTER:$PASSWORD" "$snapshot/snapshot-2023-11-17"
