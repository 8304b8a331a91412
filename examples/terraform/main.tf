# Three functions, watched by aftercall.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "aftercall_layer" {
  type        = string
  description = "What `aftercall publish` printed."
}

variable "otlp_endpoint" {
  type        = string
  description = "Base URL of an OTLP receiver. Leave it out of the variables, and each invocation is a line in the log."
}

variable "code_bucket" {
  type        = string
  description = "Holds the functions' packages."
}

locals {
  functions = {
    orders   = { runtime = "python3.13", handler = "app.handler", package = "orders.zip" }
    payments = { runtime = "nodejs22.x", handler = "index.handler", package = "payments.zip" }
    shipping = { runtime = "java21", handler = "com.example.Shipping", package = "shipping.jar" }
  }
}

resource "aws_lambda_function" "shop" {
  for_each = local.functions

  function_name = each.key
  runtime       = each.value.runtime
  handler       = each.value.handler
  memory_size   = 512
  s3_bucket     = var.code_bucket
  s3_key        = each.value.package
  role          = aws_iam_role.function.arn

  layers = [var.aftercall_layer]
  environment {
    variables = {
      AWS_LAMBDA_EXEC_WRAPPER     = "/opt/aftercall/wrapper"
      OTEL_EXPORTER_OTLP_ENDPOINT = var.otlp_endpoint
    }
  }
}

resource "aws_iam_role" "function" {
  name_prefix = "shop-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.function.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
