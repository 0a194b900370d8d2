# The administrator, who may pass every role, registers with what Terraform made.
set -eu
python3 ../register.py register "$DOMAIN" my-snapshot-repo \
  '{"bucket": "my-snapshot-bucket", "region": "'"$AWS_REGION"'", "role_arn": "arn:aws:iam::'"$SRC"':role/TheSnapshotRole"}'
