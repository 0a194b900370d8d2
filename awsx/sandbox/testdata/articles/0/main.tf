# The author's Terraform for the source account. PassRole and es: stand in the
# role's own policy, where they do nothing: the signer needs them.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  s3_use_path_style = true
}

variable "bucket" {
  default = "my-snapshot-bucket"
}

resource "aws_s3_bucket" "snapshots" {
  bucket        = var.bucket
  force_destroy = true
}

resource "aws_iam_role" "snapshot" {
  name               = "TheSnapshotRole"
  assume_role_policy = file("${path.module}/trust.json")
}

resource "aws_iam_policy" "snapshot" {
  name   = "TheSnapshotPolicy"
  policy = file("${path.module}/policy.json")
}

resource "aws_iam_role_policy_attachment" "snapshot" {
  role       = aws_iam_role.snapshot.name
  policy_arn = aws_iam_policy.snapshot.arn
}
