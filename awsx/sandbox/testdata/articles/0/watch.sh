# The four ways to watch a snapshot.
set -eu
. ../say.sh
snapshot="https://$DOMAIN/_snapshot"
ask status -u "$MASTER:$PASSWORD" "$snapshot/_status"
ask one -u "$MASTER:$PASSWORD" "$snapshot/my-snapshot-repo/snapshot-2023-11-17"
ask all -u "$MASTER:$PASSWORD" "$snapshot/my-snapshot-repo/_all"
ask table -u "$MASTER:$PASSWORD" "https://$DOMAIN/_cat/snapshots/my-snapshot-repo?h=id,status"
