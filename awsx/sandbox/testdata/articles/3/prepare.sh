# The roles of the instance and of the task. They may call the domain; what they
# may do there is the domain's own business.
set -eu
exec 2>&1

# make NAME SERVICE
make() {
  aws iam create-role --role-name "$1" --assume-role-policy-document '{
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "'"$2"'"}, "Action": "sts:AssumeRole"}]
  }'
  aws iam put-role-policy --role-name "$1" --policy-name opensearch --policy-document '{
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "es:ESHttp*", "Resource": "arn:aws:es:'"$AWS_REGION:$SRC"':domain/logs-prod/*"}]
  }'
}

make EC2Role ec2.amazonaws.com
make TaskRole ecs-tasks.amazonaws.com
