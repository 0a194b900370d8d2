# What the author tried: the role of the code, a new access key, a new
# administrator, and the same role made by hand under another name.
set -eu
. ../say.sh
wrong=os-repo-prg-OPENSEARCHRepositoryRole

bash register.sh terraformed $wrong
ask registered --aws-sigv4 "aws:amz:$AWS_REGION:es" --user "$KEY:$SECRET" "https://$DOMAIN/_snapshot/os-repo-prg"

(fresh admin; bash register.sh new-key $wrong)

aws iam create-user --user-name new-admin >/dev/null
aws iam attach-user-policy --user-name new-admin --policy-arn arn:aws:iam::aws:policy/AdministratorAccess
(fresh new-admin; bash register.sh new-administrator $wrong)

aws iam create-role --role-name os-repo-by-hand --assume-role-policy-document file://trust.json >/dev/null
aws iam put-role-policy --role-name os-repo-by-hand --policy-name repository --policy-document file://bucket.json
bash register.sh by-hand os-repo-by-hand

# What the two names are to IAM, and which one the role has.
run other-case aws iam create-role --role-name $wrong --assume-role-policy-document file://trust.json
run spelling aws iam get-role --role-name $wrong --query Role.Arn --output text
bash register.sh spelt-as-iam-says os-repo-prg-OpenSearchRepositoryRole
