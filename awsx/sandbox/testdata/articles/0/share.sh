# The bucket is opened to the target's account, which looks whether it can see it.
set -eu
. ../say.sh
run before aws s3 ls s3://my-snapshot-bucket --profile target
run share aws s3api put-bucket-policy --bucket my-snapshot-bucket --policy file://share.json
run after aws s3 ls s3://my-snapshot-bucket --profile target
