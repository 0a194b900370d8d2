# map.sh ROLE USERS: the mapping of one role, written with the master's password.
# PUT replaces it: who is not named is out.
set -eu
. ../say.sh
mapping="https://$DOMAIN/_plugins/_security/api/rolesmapping/$1"
ask put -X PUT -u "$MASTER:$PASSWORD" -H 'Content-Type: application/json' "$mapping" -d '{
  "backend_roles": ["arn:aws:iam::'"$SRC"':role/EC2Role", "arn:aws:iam::'"$SRC"':role/TaskRole"],
  "users": ['"$2"']
}'
ask get -u "$MASTER:$PASSWORD" "$mapping"
ask master -u "$MASTER:$PASSWORD" "https://$DOMAIN/_cat/indices/.kibana_1?h=index"
