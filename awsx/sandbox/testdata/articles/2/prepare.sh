# The bucket and the role as they should be, under the name that Terraform gave it.
set -eu
. ../say.sh
exec 2>&1

aws s3api create-bucket --bucket os-repo-prg --create-bucket-configuration LocationConstraint="$AWS_REGION"
aws iam create-role --role-name os-repo-prg-OpenSearchRepositoryRole --assume-role-policy-document file://trust.json
aws iam put-role-policy --role-name os-repo-prg-OpenSearchRepositoryRole --policy-name repository --policy-document file://bucket.json
