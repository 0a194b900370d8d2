# role.sh ACCOUNT: the role and its policy, which the articles' Terraform makes,
# in an account. Each domain is passed a role of its own account.
set -eu
exec 2>&1
aws iam create-role --role-name TheSnapshotRole --assume-role-policy-document file://trust.json
aws iam create-policy --policy-name TheSnapshotPolicy --policy-document "$(sed "s/111111111111/$1/" policy.json)"
aws iam attach-role-policy --role-name TheSnapshotRole --policy-arn "arn:aws:iam::$1:policy/TheSnapshotPolicy"
