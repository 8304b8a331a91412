"""What of CPython's API the native part uses beyond the limited one of 3.9, by abi3audit: each name has its reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.promises import packages

# Exported by every CPython from 3.9 to 3.14, with the same meaning: never in the limited API, or only later.
EVERYWHERE = {
    "PyContextVar_New": "contextvars have no other C API, and by attributes a call would take microseconds",
    "PyContextVar_Get": "the same",
    "PyContextVar_Set": "the same",
    "PyContextVar_Reset": "the same",
    "PyMethod_New": "a hooked function binds as a function does, without a call of types.MethodType",
    "PyVectorcall_Call": "tp_call of what is called by vector; limited since 3.12",
    "PyObject_GetBuffer": "bytes are read where they lie; limited since 3.11",
    "PyBuffer_Release": "the same",
    "PyUnicode_AsUTF8AndSize": "text is written without a copy; limited since 3.10",
}
# Weak, since some of those Pythons lack it: the code asks before it calls.
WHERE_IT_IS = {
    "PyIter_Send": "a step of a coroutine without a StopIteration; since 3.10, 3.9 has its methods called",
    "PyObject_Vectorcall": "a call that takes no level of recursion; a symbol since 3.9, limited since 3.12",
    "_PyFunction_Vectorcall": "the same, where the former is inline alone",
    "PyObject_GetOptionalAttr": "an attribute that may be missing, without an AttributeError; since 3.13",
    "_PyObject_LookupAttr": "the same, before 3.13",
}


def undefined_symbols(library):
    """Name -> whether it is weak."""
    listed = subprocess.run(["nm", "-D", "--undefined-only", library], capture_output=True, text=True, check=True)
    lines = [line.split() for line in listed.stdout.splitlines()]
    return {name.partition("@")[0]: kind == "w" for kind, name in lines}


def test_the_limited_api_is_left_for_a_reason_alone(wrapper):
    library = str(wrapper / "_aftercall/_native.abi3.so")
    folder = packages.installed("abi3audit", sys.executable, "{}.{}".format(*sys.version_info))
    command = [sys.executable, "-m", "abi3audit", "--assume-minimum-abi3", "3.9", "--report", library]
    variables = {**os.environ, "PYTHONPATH": str(folder)}
    report = subprocess.run(command, capture_output=True, text=True, env=variables, check=False)
    (found,) = json.loads(report.stdout)["specs"].values()
    result = found["object"]["result"]
    assert {*result["non_abi3_symbols"], *result["future_abi3_objects"]} == EVERYWHERE.keys() | WHERE_IT_IS.keys()


def test_what_some_pythons_lack_is_weak(wrapper):
    weak = undefined_symbols(wrapper / "_aftercall/_native.abi3.so")
    assert {name: weak[name] for name in WHERE_IT_IS} == dict.fromkeys(WHERE_IT_IS, True)
    assert {name: weak[name] for name in EVERYWHERE} == dict.fromkeys(EVERYWHERE, False)
