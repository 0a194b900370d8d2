# In the target account: its own role, and the same repository.
set -eu
bash role.sh "$TGT" >/dev/null
settings='{"bucket": "my-snapshot-bucket", "region": "'"$AWS_REGION"'", "role_arn": "arn:aws:iam::%s:role/TheSnapshotRole"}'
python3 ../register.py role-of-the-source "$DOMAIN" my-snapshot-repo "$(printf "$settings" "$SRC")"
python3 ../register.py register "$DOMAIN" my-snapshot-repo "$(printf "$settings" "$TGT")"
