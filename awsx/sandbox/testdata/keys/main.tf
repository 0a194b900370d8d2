terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region            = "eu-west-1"
  s3_use_path_style = true
}

data "aws_caller_identity" "me" {}

resource "aws_iam_role" "reader" {
  name = "reader"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "es.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_kms_key" "k" {
  description             = "snapshots"
  deletion_window_in_days = 7
  enable_key_rotation     = true
  tags                    = { run = "1" }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "own", Effect = "Allow", Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }, Action = "kms:*", Resource = "*" },
      { Sid = "reader", Effect = "Allow", Principal = { AWS = aws_iam_role.reader.arn }, Action = ["kms:Decrypt", "kms:DescribeKey"], Resource = "*" },
    ]
  })
}

resource "aws_kms_alias" "k" {
  name          = "alias/snapshots"
  target_key_id = aws_kms_key.k.key_id
}

resource "aws_s3_bucket" "b" {
  bucket = "acme-keyed"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
  bucket = aws_s3_bucket.b.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k.arn
    }
    bucket_key_enabled = true
  }
}
