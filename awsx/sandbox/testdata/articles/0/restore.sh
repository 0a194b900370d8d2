# Restoring on the target, signed as its master.
set -eu
. ../say.sh
url="https://$DOMAIN/_snapshot/my-snapshot-repo/snapshot-2023-11-17/_restore"

# restore NAME BODY
restore() {
  ask "$1" -X POST --aws-sigv4 "aws:amz:$AWS_REGION:es" --user "$KEY:$SECRET" -H 'Content-Type: application/json' "$url" -d "$2"
}

# Pain 2: the security index is among what is restored.
restore exclusions '{"indices": "-.kibana*,-.opendistro-*", "include_global_state": false}'
restore exclusions-as-list '{"indices": ["-.kibana*", "-.opendistro-*"], "include_global_state": false}'
restore everything '{"include_global_state": false}'
restore by-name '{"indices": ".opendistro_security", "include_global_state": false}'

# Other slips.
restore blank '{"indices": "-.kibana*, -.opendistro_security", "include_global_state": false}'
restore unknown '{"indices": "index-1,index-9", "include_global_state": false}'
restore global-state '{"indices": ["-.kibana*", "-.opendistro_security", "-.opendistro-*", "index*"], "include_global_state": true}'

# The author's cure, and the same as one string, under other names.
restore list '{"indices": ["-.kibana*", "-.opendistro_security", "-.opendistro-*", "index*"], "include_global_state": false}'
restore string '{"indices": "-.kibana*,-.opendistro_security,-.opendistro-*,index*", "include_global_state": false, "rename_pattern": "(.+)", "rename_replacement": "again-$1"}'
