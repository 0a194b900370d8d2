//go:build judges

package sandbox_test

import "testing"

// lifecycles walks through every operation of IAM and STS with boto3, whose
// parser and paginators are written from the services' models.
const lifecycles = `
import json
import boto3
from botocore.exceptions import ClientError
session = boto3.Session(profile_name="source")
iam, sts = session.client("iam"), session.client("sts")
def fails(code, call, **args):
    try:
        call(**args)
    except ClientError as e:
        assert e.response["Error"]["Code"] == code, e
        assert e.response["ResponseMetadata"]["RequestId"], e
        return e.response["Error"]["Message"]
    raise AssertionError("not refused: " + str(args))
def doc(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}
trust = doc({"Sid": "Ab1", "Effect": "Allow", "Principal": {"Service": "es.amazonaws.com"}, "Action": "sts:AssumeRole"})
read = doc({"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::b/*"})
write = doc({"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "arn:aws:s3:::b/*"})

# roles
r = iam.create_role(RoleName="snap", Path="/team/", AssumeRolePolicyDocument=json.dumps(trust), Description="d & e", MaxSessionDuration=7200, Tags=[{"Key": "run", "Value": "1"}])["Role"]
assert r == iam.get_role(RoleName="snap")["Role"] and r["AssumeRolePolicyDocument"] == trust and r["MaxSessionDuration"] == 7200, r
assert iam.list_role_tags(RoleName="snap")["Tags"] == [{"Key": "run", "Value": "1"}]
iam.tag_role(RoleName="snap", Tags=[{"Key": "x", "Value": ""}])
iam.untag_role(RoleName="snap", TagKeys=["run"])
assert iam.list_role_tags(RoleName="snap")["Tags"] == [{"Key": "x", "Value": ""}]
iam.update_role(RoleName="snap", Description="new", MaxSessionDuration=3600)
assert [x["RoleName"] for x in iam.get_paginator("list_roles").paginate(PathPrefix="/team/").build_full_result()["Roles"]] == ["snap"]
assert iam.list_instance_profiles_for_role(RoleName="snap")["InstanceProfiles"] == []
iam.put_role_policy(RoleName="snap", PolicyName="inline", PolicyDocument=json.dumps(read))
assert iam.get_role_policy(RoleName="snap", PolicyName="inline")["PolicyDocument"] == read
assert iam.list_role_policies(RoleName="snap")["PolicyNames"] == ["inline"]
assert fails("DeleteConflict", iam.delete_role, RoleName="snap") == "Cannot delete entity, must delete policies first."
fails("MalformedPolicyDocument", iam.update_assume_role_policy, RoleName="snap", PolicyDocument=json.dumps(read))

# managed policies
arn = iam.create_policy(PolicyName="p", PolicyDocument=json.dumps(read))["Policy"]["Arn"]
assert iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(write), SetAsDefault=True)["PolicyVersion"]["VersionId"] == "v2"
assert iam.get_policy_version(PolicyArn=arn, VersionId="v2")["PolicyVersion"]["Document"] == write
assert [v["VersionId"] for v in iam.list_policy_versions(PolicyArn=arn)["Versions"]] == ["v2", "v1"]
iam.attach_role_policy(RoleName="snap", PolicyArn=arn)
assert iam.list_attached_role_policies(RoleName="snap")["AttachedPolicies"] == [{"PolicyName": "p", "PolicyArn": arn}]
assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
fails("DeleteConflict", iam.delete_policy, PolicyArn=arn)
iam.put_role_permissions_boundary(RoleName="snap", PermissionsBoundary=arn)
assert iam.get_role(RoleName="snap")["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == arn
results = iam.simulate_principal_policy(PolicySourceArn=r["Arn"], ActionNames=["s3:PutObject", "s3:GetObject"], ResourceArns=["arn:aws:s3:::b/k"])["EvaluationResults"]
assert {x["EvalActionName"]: x["EvalDecision"] for x in results} == {"s3:PutObject": "allowed", "s3:GetObject": "implicitDeny"}, results
iam.delete_role_permissions_boundary(RoleName="snap")

# users and their keys
iam.create_user(UserName="ann")
key = iam.create_access_key(UserName="ann")["AccessKey"]
ann = boto3.Session(aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"], region_name="eu-west-1")
assert ann.client("sts").get_caller_identity()["Arn"].endswith(":user/ann")
assert "user/ann is not authorized to perform: iam:GetRole on resource: role snap" in fails("AccessDenied", ann.client("iam").get_role, RoleName="snap")
iam.put_user_policy(UserName="ann", PolicyName="assume", PolicyDocument=json.dumps(doc({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": r["Arn"]})))
assert iam.list_user_policies(UserName="ann")["PolicyNames"] == ["assume"] and iam.list_groups_for_user(UserName="ann")["Groups"] == []
fails("AccessDenied", ann.client("sts").assume_role, RoleArn=r["Arn"], RoleSessionName="me")
iam.update_assume_role_policy(RoleName="snap", PolicyDocument=json.dumps(doc({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:user/ann"}, "Action": "sts:AssumeRole"})))
c = ann.client("sts").assume_role(RoleArn=r["Arn"], RoleSessionName="me", DurationSeconds=900)["Credentials"]
me = boto3.Session(aws_access_key_id=c["AccessKeyId"], aws_secret_access_key=c["SecretAccessKey"], aws_session_token=c["SessionToken"], region_name="eu-west-1")
assert me.client("sts").get_caller_identity()["Arn"] == "arn:aws:sts::111111111111:assumed-role/snap/me"

# and back again
iam.update_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"], Status="Inactive")
assert iam.list_access_keys(UserName="ann")["AccessKeyMetadata"][0]["Status"] == "Inactive"
fails("InvalidClientTokenId", ann.client("sts").get_caller_identity)
iam.delete_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"])
iam.delete_user_policy(UserName="ann", PolicyName="assume")
iam.delete_user(UserName="ann")
assert iam.get_role(RoleName="snap")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["AWS"].startswith("AIDA")
iam.detach_role_policy(RoleName="snap", PolicyArn=arn)
iam.delete_role_policy(RoleName="snap", PolicyName="inline")
iam.delete_role(RoleName="snap")
iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
iam.delete_policy(PolicyArn=arn)
fails("InvalidClientTokenId", me.client("sts").get_caller_identity)
fails("NoSuchEntity", iam.get_role, RoleName="snap")
print("done")
`

func TestJudgeLifecyclesWithBoto3(t *testing.T) {
	s := open(t, t.TempDir())
	before := dump(t, s)
	out, errs, err := foreign(t, s.Info(), "python3", "-c", lifecycles)
	if err != nil || out != "done\n" {
		t.Fatalf("%v\n%s%s", err, out, errs)
	}
	if after := dump(t, s); after != before {
		t.Errorf("what was made and deleted left something\n%s\n%s", before, after)
	}
}
