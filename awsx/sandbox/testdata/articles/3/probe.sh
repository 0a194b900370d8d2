# probe.sh instance|task: the keys of where one is, and a request signed by curl.
set -eu
. ../say.sh
imds=http://169.254.169.254/latest
case $1 in
instance)
  run without-token curl -sS -o /dev/null -w '%{http_code}' "$imds/meta-data/iam/security-credentials/"
  token=$(curl -sS -X PUT "$imds/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 21600")
  role=$(curl -sS -H "X-aws-ec2-metadata-token: $token" "$imds/meta-data/iam/security-credentials/")
  keys=$(curl -sS -H "X-aws-ec2-metadata-token: $token" "$imds/meta-data/iam/security-credentials/$role")
  ;;
task)
  keys=$(curl -sS "http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
  ;;
esac
key=$(member AccessKeyId <<<"$keys")
secret=$(member SecretAccessKey <<<"$keys")
session=$(member Token <<<"$keys")

# signed NAME CURL-ARGUMENT…
signed() {
  local name=$1
  shift
  ask "$name" --aws-sigv4 "aws:amz:$AWS_REGION:es" --user "$key:$secret" -H "X-Amz-Security-Token: $session" "$@"
}

signed probe "https://$DOMAIN/_cat/indices"
ask session-left-out --aws-sigv4 "aws:amz:$AWS_REGION:es" --user "$key:$secret" "https://$DOMAIN/_cat/indices"
signed mappings "https://$DOMAIN/_plugins/_security/api/rolesmapping/all_access"
