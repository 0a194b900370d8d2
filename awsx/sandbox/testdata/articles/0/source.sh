# In the source account: the bucket, the role, and what is to be moved.
set -eu
. ../say.sh
here="LocationConstraint=$AWS_REGION"

run capitals aws s3api create-bucket --bucket MySnapshotBucket --create-bucket-configuration "$here"
# Objects belong to who writes them, as in every bucket made before April 2023.
run bucket aws s3api create-bucket --bucket my-snapshot-bucket --create-bucket-configuration "$here" --object-ownership ObjectWriter
bash role.sh "$SRC" >/dev/null

for n in 1 2 3; do
  ask "index-$n" -X POST -u "$MASTER:$PASSWORD" -H 'Content-Type: application/json' "https://$DOMAIN/index-$n/_doc?refresh=true" -d '{"n": '$n'}'
done
