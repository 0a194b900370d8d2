# Made elsewhere, with a way to the AWS API: the bucket, the role that is passed,
# and the role of the bastion, which may pass it.
set -eu
. ../say.sh
exec 2>&1

aws s3api create-bucket --bucket my-es-snapshots --create-bucket-configuration LocationConstraint="$AWS_REGION"

aws iam create-policy --policy-name TheSnapshotPolicy --policy-document '{
  "Version": "2012-10-17",
  "Statement": [
    {"Action": ["s3:ListBucket"], "Effect": "Allow", "Resource": ["arn:aws:s3:::my-es-snapshots"]},
    {"Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "Effect": "Allow", "Resource": ["arn:aws:s3:::my-es-snapshots/*"]}
  ]
}'
aws iam create-role --role-name TheSnapshotRole --assume-role-policy-document '{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Principal": {"Service": "es.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}'
aws iam attach-role-policy --role-name TheSnapshotRole --policy-arn "arn:aws:iam::$SRC:policy/TheSnapshotPolicy"

aws iam create-role --role-name SnapshotSigner --assume-role-policy-document '{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}'
aws iam put-role-policy --role-name SnapshotSigner --policy-name register --policy-document '{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::'"$SRC"':role/TheSnapshotRole"},
    {"Effect": "Allow", "Action": "es:ESHttpPut", "Resource": "arn:aws:es:'"$AWS_REGION:$SRC"':domain/logs-next/*"}
  ]
}'
