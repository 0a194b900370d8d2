# Registering on the source, until it works.
set -eu
. ../say.sh
settings='{"bucket": "my-snapshot-bucket", "region": "'"$AWS_REGION"'", "role_arn": "arn:aws:iam::'"$SRC"':role/TheSnapshotRole"}'
security="https://$DOMAIN/_plugins/_security/api"

# allow ACTION RESOURCE: what the signer may do, by a policy of his own.
allow() {
  aws iam put-user-policy --user-name snapshot-signer --policy-name "${1%%:*}" --policy-document '{
    "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "'"$1"'", "Resource": "'"$2"'"}]
  }'
}

aws iam create-user --user-name snapshot-signer >/dev/null
allow 'es:*' "arn:aws:es:$AWS_REGION:$SRC:domain/logs-prod/*"

# as_signer NAME: registers with his keys, which are made once.
keys=$(aws iam create-access-key --user-name snapshot-signer --query 'AccessKey.[AccessKeyId, SecretAccessKey]' --output text)
as_signer() {
  (
    unset AWS_PROFILE
    read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY <<<"$keys"
    export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    python3 ../register.py "$1" "$DOMAIN" my-snapshot-repo "$settings"
  )
}

# Pain 1, both ways: PassRole stands in the role's policy and not in the signer's,
# or nobody has signed, as in the console of the dashboards.
as_signer without-passrole
python3 ../register.py unsigned "$DOMAIN" my-snapshot-repo "$settings" unsigned
python3 ../register.py with-password "$DOMAIN" my-snapshot-repo "$settings" "$MASTER:$PASSWORD"

# With PassRole the domain itself refuses, and in other words.
allow iam:PassRole "arn:aws:iam::$SRC:role/TheSnapshotRole"
as_signer not-mapped

# The master maps a role for snapshots to the signer, as a backend role.
json='Content-Type: application/json'
ask role -X PUT -u "$MASTER:$PASSWORD" -H "$json" "$security/roles/snapshot-role" -d '{
  "cluster_permissions": ["cluster:admin/opensearch/snapshot_management/*", "cluster:admin/opensearch/notifications/feature/publish", "cluster:admin/repository/*"]
}'
ask mapping -X PUT -u "$MASTER:$PASSWORD" -H "$json" "$security/rolesmapping/snapshot-role" -d '{"backend_roles": ["arn:aws:iam::'"$SRC"':user/snapshot-signer"]}'
as_signer mapped
