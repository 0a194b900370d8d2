# The author's module: the role's name is put together from parts, and the ARN
# that the repository is registered with is put together again elsewhere.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  s3_use_path_style = true
}

variable "name" {
  default = "os-repo-prg"
}

resource "aws_s3_bucket" "repository" {
  bucket        = var.name
  force_destroy = true
}

resource "aws_iam_role" "repository" {
  name               = "${var.name}-OpenSearchRepositoryRole"
  assume_role_policy = file("${path.module}/trust.json")
}

resource "aws_iam_role_policy" "repository" {
  name   = "repository"
  role   = aws_iam_role.repository.id
  policy = file("${path.module}/bucket.json")
}

data "aws_caller_identity" "current" {}

output "registered" {
  value = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/${var.name}-OPENSEARCHRepositoryRole"
}

output "made" {
  value = aws_iam_role.repository.arn
}
