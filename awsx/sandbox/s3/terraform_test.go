//go:build judges

package s3

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const terraformMain = `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "ADMIN"
  secret_key                  = "SECRET"
  custom_ca_bundle            = "CA"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints { s3 = "ENDPOINT" }
}
resource "aws_s3_bucket" "b" {
  bucket        = "terraformed"
  force_destroy = true
  tags          = { made = "by terraform" }
}
resource "aws_s3_bucket_ownership_controls" "b" {
  bucket = aws_s3_bucket.b.id
  rule { object_ownership = "BucketOwnerPreferred" }
}
resource "aws_s3_bucket_public_access_block" "b" {
  bucket            = aws_s3_bucket.b.id
  block_public_acls = true
}
resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
  bucket = aws_s3_bucket.b.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}
resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Sid = "read", Effect = "Allow", Principal = { AWS = "arn:aws:iam::222222222222:user/foreign" }
    Action = ["s3:GetObject", "s3:ListBucket"], Resource = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"]
  }] })
}
resource "aws_s3_object" "o" {
  bucket  = aws_s3_bucket.b.id
  key     = "folder/object"
  content = "hello"
}
`

// providerMirror finds the root of a file system mirror that holds the AWS
// provider, in the places such mirrors are kept.
func providerMirror() (root string) {
	home, _ := os.UserHomeDir()
	for _, top := range []string{"/opt", "/usr/local/share", "/usr/share", filepath.Join(home, ".terraform.d")} {
		_ = filepath.WalkDir(top, func(p string, _ os.DirEntry, err error) error {
			if err == nil && strings.HasPrefix(filepath.Base(p), "terraform-provider-aws_v") {
				// root/HOST/NAMESPACE/TYPE/VERSION/SYSTEM/file
				root = filepath.Join(p, "../../../../../..")
				return filepath.SkipAll
			}
			return nil
		})
	}
	return root
}

// TestTerraform makes a bucket with its companions, finds nothing to change
// afterwards, and takes it away. Lifecycle rules are left out: the provider looks
// at them for 50 seconds before it believes them. Terraform is not on every machine.
func TestTerraform(t *testing.T) {
	mirror := providerMirror()
	if _, err := exec.LookPath("terraform"); err != nil || mirror == "" {
		t.Skip("SKIPPED: terraform or a mirror with its AWS provider is not on this machine; S3 was not judged by it")
	}
	j := newJudge(t, true)
	j.write("main.tf", []byte(strings.NewReplacer("ADMIN", admin, "SECRET", secretOf(admin), "ENDPOINT", j.server.URL, "CA\"", filepath.Join(j.dir, "ca.pem")+"\"").Replace(terraformMain)))
	j.write("cli.tfrc", []byte(`provider_installation { filesystem_mirror { path = "`+mirror+`" } }`))
	j.env = append(j.env, "TF_CLI_CONFIG_FILE="+filepath.Join(j.dir, "cli.tfrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	j.run(true, "terraform", "init", "-no-color", "-input=false")
	j.run(true, "terraform", "apply", "-no-color", "-auto-approve")
	if r := j.do(ask{who: admin, method: "GET", target: "/terraformed/folder/object"}); r.body != "hello" {
		t.Errorf("the object: %+v", r)
	}
	if out := j.run(true, "terraform", "plan", "-no-color", "-detailed-exitcode"); !strings.Contains(out, "No changes") {
		t.Errorf("a second plan:\n%s", out)
	}
	j.run(true, "terraform", "destroy", "-no-color", "-auto-approve")
	if _, there := j.register.Bucket("terraformed"); there {
		t.Error("the bucket was not destroyed")
	}
}
