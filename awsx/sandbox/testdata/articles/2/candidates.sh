# The other causes that could leave the same words, each by itself.
set -eu
. ../say.sh
trust='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "es.amazonaws.com"}, "Action": "sts:AssumeRole"%s}]}'

# candidate NAME TRUST [OPTION…]: a role with this trust, and what the domain says.
candidate() {
  local name=$1 document=$2
  shift 2
  aws iam create-role --role-name "candidate-$name" --assume-role-policy-document "$document" "$@" >/dev/null
  aws iam put-role-policy --role-name "candidate-$name" --policy-name repository --policy-document file://bucket.json
  bash register.sh "$name" "candidate-$name"
}

candidate principal "$(sed s/es.amazonaws.com/opensearch.amazonaws.com/ trust.json)"
candidate condition "$(printf "$trust" ', "Condition": {"StringEquals": {"aws:SourceAccount": "'"$TGT"'"}}')"
candidate other-domain "$(printf "$trust" ', "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:es:'"$AWS_REGION:$SRC"':domain/other"}}')"
candidate path "$(cat trust.json)" --path /service-role/

# A boundary is no matter of the trust: the role is assumed, and S3 refuses.
aws iam create-policy --policy-name boundary --policy-document '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}' >/dev/null
candidate boundary "$(cat trust.json)" --permissions-boundary "arn:aws:iam::$SRC:policy/boundary"

bash register.sh ghost candidate-that-is-not-there
