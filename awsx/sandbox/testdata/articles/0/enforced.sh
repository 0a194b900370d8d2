# The same bucket as S3 makes it since April 2023: what another account writes with
# an ACL, as the engine does, is refused.
set -eu
. ../say.sh
aws s3api put-bucket-ownership-controls --bucket my-snapshot-bucket --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]' --profile source
ask verify -X POST --aws-sigv4 "aws:amz:$AWS_REGION:es" --user "$KEY:$SECRET" "https://$DOMAIN/_snapshot/my-snapshot-repo/_verify"
