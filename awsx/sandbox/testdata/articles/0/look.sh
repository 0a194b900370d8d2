# What has come.
set -eu
. ../say.sh
for index in index-1 index-2 index-3 again-index-1 again-index-2 again-index-3; do
  ask $index --aws-sigv4 "aws:amz:$AWS_REGION:es" --user "$KEY:$SECRET" "https://$DOMAIN/$index/_search"
done
