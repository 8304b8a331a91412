"""aftercall: watches any AWS Lambda function from a layer."""

__version__ = "0.1.0"
