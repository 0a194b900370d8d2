# register.sh NAME ROLE: registers with a role of the account, as whoever's keys
# are in the environment.
set -eu
python3 ../register.py "$1" "$DOMAIN" os-repo-prg \
  '{"bucket": "os-repo-prg", "region": "'"$AWS_REGION"'", "base_path": "prg", "role_arn": "arn:aws:iam::'"$SRC"':role/'"$2"'"}'
