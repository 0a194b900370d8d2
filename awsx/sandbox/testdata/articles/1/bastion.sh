# On the bastion in the closed subnet: nothing can be reached but the domain, and
# the instance's own metadata.
set -eu
. ../say.sh
json='Content-Type: application/json'

# What is in the domain, from the tutorial.
ask movies -X POST "https://$DOMAIN/_bulk?refresh=true" -H "$json" --data-binary @movies.bulk

# The one request that is signed; the credentials are the instance profile's, and
# have a session token.
python3 ../register.py register "$DOMAIN" my-snapshot-repo \
  '{"bucket": "my-es-snapshots", "region": "'"$AWS_REGION"'", "role_arn": "arn:aws:iam::'"$SRC"':role/TheSnapshotRole"}'

# Everything else is plain curl.
ask create -X PUT "https://$DOMAIN/_snapshot/my-snapshot-repo/my-snapshot-1"
ask mistyped -X GET "https://$DOMAIN/_snapshot/my-snapshot-repo-name/_all"
ask list -X GET "https://$DOMAIN/_snapshot/my-snapshot-repo/_all"

# Unsigned, nobody is there who could pass a role.
python3 ../register.py unsigned "$DOMAIN" my-snapshot-repo \
  '{"bucket": "my-es-snapshots", "region": "'"$AWS_REGION"'", "role_arn": "arn:aws:iam::'"$SRC"':role/TheSnapshotRole"}' unsigned
