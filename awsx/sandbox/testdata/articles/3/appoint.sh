# The way out for whoever has locked the master out: the domain's configuration
# names him again, and he is mapped anew. Nobody else goes.
set -eu
. ../say.sh
mapping="https://$DOMAIN/_plugins/_security/api/rolesmapping/all_access"
run appoint aws opensearch update-domain-config --domain-name logs-prod --query DomainConfig.AdvancedSecurityOptions.Options.InternalUserDatabaseEnabled \
  --advanced-security-options '{"InternalUserDatabaseEnabled": true, "MasterUserOptions": {"MasterUserName": "'"$MASTER"'", "MasterUserPassword": "'"$PASSWORD"'"}}'
ask get -u "$MASTER:$PASSWORD" "$mapping"
ask master -u "$MASTER:$PASSWORD" "https://$DOMAIN/_cat/indices/.kibana_1?h=index"
