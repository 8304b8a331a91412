"""X-Ray's SDK has no layer: functions call this themselves, before they import what is to be watched."""

from aws_xray_sdk.core import patch_all

patch_all()

from compare_app import handler  # noqa: E402, F401
