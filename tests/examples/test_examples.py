"""The examples of infrastructure code, each through its own tool: what comes out are functions as `attach` makes them.

No tool is given the network: what needs AWS's answer (a deployment) is not run.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aftercall.command.lambda_service import layer_version, plan
from aftercall.command.lambda_service.function import Function
from aftercall.command.lambda_service.runtimes import WRAPPER
from build_spec import nodejs

EXAMPLES = Path(__file__).parents[2] / "examples"
ENDPOINT = "https://otlp.example.com"
LAYER = "arn:aws:lambda:eu-central-1:123456789012:layer:aftercall:7"
RUNTIMES = {"python", "nodejs", "java"}
NO_LAYERS = layer_version.Layers({}, frozenset())
SECONDS = 300


def check(functions):
    """`functions`: configurations as the Lambda API tells them. Attaching would change nothing about any of them."""
    version = layer_version.LayerVersion(LAYER, 7, ("x86_64",), "aftercall")
    layers = layer_version.Layers({"x86_64": version}, layer_version.names_of(()))
    assert {configuration["Runtime"].rstrip("x.0123456789") for configuration in functions.values()} == RUNTIMES
    for name, configuration in functions.items():
        stack = [{"Arn": arn} for arn in configuration["Layers"]]
        told = {**configuration, "FunctionName": name, "FunctionArn": name, "Layers": stack}
        assert isinstance(plan.attach(Function.of(told), layers), plan.Unchanged), (name, configuration)
        assert configuration["Environment"]["Variables"]["OTEL_EXPORTER_OTLP_ENDPOINT"] == ENDPOINT


def functions_of(template, **parameters):
    """Of a CloudFormation template: Ref of a parameter is its value."""

    def resolved(value):
        if isinstance(value, dict) and set(value) == {"Ref"}:
            return parameters.get(value["Ref"], value["Ref"])
        if isinstance(value, dict):
            return {key: resolved(inner) for key, inner in value.items()}
        return [resolved(inner) for inner in value] if isinstance(value, list) else value

    resources = template["Resources"].items()
    return {name: resolved(one["Properties"]) for name, one in resources if one["Type"] == "AWS::Lambda::Function"}


def run(*command, cwd, **variables):
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(cwd),
        **{name: str(value) for name, value in variables.items()},
    }
    result = subprocess.run(
        [*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert result.returncode == 0, f"{command}: {result.stdout}\n{result.stderr}"
    return result.stdout


def lint(path):
    """cfn-lint finds misspelt properties and values that the service would refuse."""
    cfn_lint = Path(sys.executable).with_name("cfn-lint")
    run(cfn_lint, "--non-zero-exit-code", "informational", "--regions", "eu-central-1", "--", path, cwd=path.parent)


@pytest.fixture(scope="session")
def node_modules():
    """The folder node_modules with what the examples are synthesised with."""
    lacking = nodejs.missing()
    if lacking:
        pytest.skip(lacking)
    return nodejs.install("examples") / "node_modules"


@pytest.fixture(scope="session")
def node():
    """The oldest that CDK runs on, which the examples say they need."""
    nodejs.install("between")
    return nodejs.node(20)


@pytest.fixture
def copied(tmp_path):
    """copied(name): the example in a folder of its own, beside the functions, as the repository has them."""

    def copy(name):
        shutil.copytree(EXAMPLES / "functions", tmp_path / "functions")
        shutil.copytree(EXAMPLES / name, tmp_path / name)
        return tmp_path / name

    return copy


def test_cloudformation():
    from cfnlint.decode import cfn_yaml

    path = EXAMPLES / "cloudformation" / "template.yaml"
    lint(path)
    check(functions_of(cfn_yaml.load(path), AftercallLayer=LAYER, OtlpEndpoint=ENDPOINT))


def translated(path, **package):
    """The template as SAM hands it to CloudFormation. `package`: what `sam build` puts into each function."""
    import boto3
    from cfnlint.decode import cfn_yaml
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    lint(path)
    template = json.loads(json.dumps(cfn_yaml.load(path)))
    for resource in template["Resources"].values():
        resource["Properties"].update(package)
    parameters = {"AftercallLayer": LAYER, "OtlpEndpoint": ENDPOINT, "AWS::Region": "eu-central-1"}
    session = boto3.Session(region_name="eu-central-1")
    return functions_of(Translator({}, Parser(), boto_session=session).translate(template, parameters), **parameters)


def test_sam():
    check(translated(EXAMPLES / "sam" / "template.yaml", CodeUri="s3://bucket/key"))


DOCKERFILES = {
    "Dockerfile": f"ENV {plan.EXEC_WRAPPER}={WRAPPER}",
    "Dockerfile.other-base": f'ENTRYPOINT ["{WRAPPER}", "python3", "-m", "awslambdaric"]',
}


@pytest.mark.parametrize("name", DOCKERFILES)
def test_the_dockerfiles_do_as_attach_says(name):
    lines = (EXAMPLES / "container-image" / name).read_text().splitlines()
    refusal = plan.attach(Function.of({"FunctionName": "f", "FunctionArn": "f", "PackageType": "Image"}), NO_LAYERS)
    assert isinstance(refusal, plan.Refusal)
    (copy,) = re.findall("`(COPY .*?)`", refusal.reason)
    assert {copy, DOCKERFILES[name], 'CMD ["app.handler"]'} <= set(lines)
    own = [line.split()[1] for line in lines if line.startswith("COPY functions")]
    assert own == ["functions/app.py"]
    assert (EXAMPLES / own[0]).is_file()


def test_the_container_image():
    path = EXAMPLES / "container-image" / "template.yaml"
    (function,) = translated(path, ImageUri="123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1").values()
    assert (function["PackageType"], "Layers" in function) == ("Image", False)
    assert function["Environment"]["Variables"] == {"OTEL_EXPORTER_OTLP_ENDPOINT": ENDPOINT}


def test_cdk_typescript(copied, node, node_modules):
    folder = copied("cdk-typescript")
    (folder / "node_modules").symlink_to(node_modules)
    run(node, node_modules / "typescript" / "bin" / "tsc", cwd=folder)
    run(node, "--preserve-symlinks", "build/app.js", cwd=folder, **synthesis(folder))
    assert json.loads((folder / "cdk.json").read_text())["app"] == "npx tsc && node build/app.js"
    assert json.loads((folder / "package.json").read_text())["engines"] == {"node": ">=20"}
    check(functions_of(json.loads((folder / "cdk.out" / "Shop.template.json").read_text())))


def test_cdk_python(copied, node):
    folder = copied("cdk-python")
    quiet = {"JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1", "JSII_NODE": node}
    run(sys.executable, "app.py", cwd=folder, **synthesis(folder), **quiet)
    check(functions_of(json.loads((folder / "cdk.out" / "Shop.template.json").read_text())))


def synthesis(folder):
    """What `cdk synth` tells the app."""
    return {
        "CDK_OUTDIR": folder / "cdk.out",
        "CDK_CONTEXT_JSON": json.dumps({"aftercallLayer": LAYER, "otlpEndpoint": ENDPOINT}),
    }


def test_serverless(copied, node, node_modules):
    folder = copied("serverless")
    for name in ("app.py", "index.mjs"):
        shutil.copy2(folder.parent / "functions" / name, folder)
    (folder / "shipping" / "target").mkdir(parents=True)
    (folder / "shipping" / "target" / "shipping.jar").write_bytes(b"PK")
    quiet = {"SLS_NOTIFICATIONS_MODE": "off", "SLS_TELEMETRY_DISABLED": "1", "SLS_ANALYTICS_DISABLED": "1"}
    keys = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    parameters = ["--param", f"aftercallLayer={LAYER}", "--param", f"otlpEndpoint={ENDPOINT}"]
    serverless = node_modules / "serverless" / "bin" / "serverless.js"
    run(node, serverless, "package", *parameters, cwd=folder, **quiet, **keys)
    template = folder / ".serverless" / "cloudformation-template-update-stack.json"
    check(functions_of(json.loads(template.read_text())))


TERRAFORM, MIRROR = shutil.which("terraform"), Path("/opt/tf-plugins")

if TERRAFORM and MIRROR.is_dir():

    def test_terraform_plan(copied):
        folder = copied("terraform")
        (folder / "terraformrc").write_text(f'provider_installation {{ filesystem_mirror {{ path = "{MIRROR}" }} }}\n')
        (folder / "offline.tf").write_text(
            'provider "aws" {\n  region = "eu-central-1"\n  access_key = "none"\n  secret_key = "none"\n'
            "  skip_credentials_validation = true\n  skip_requesting_account_id = true\n"
            "  skip_metadata_api_check = true\n  skip_region_validation = true\n}\n"
        )
        settings = {"TF_CLI_CONFIG_FILE": folder / "terraformrc", "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
        run(TERRAFORM, "fmt", "-check", "main.tf", cwd=folder, **settings)
        run(TERRAFORM, "init", "-input=false", cwd=folder, **settings)
        variables = [
            "-var",
            f"aftercall_layer={LAYER}",
            "-var",
            f"otlp_endpoint={ENDPOINT}",
            "-var",
            "code_bucket=shop-code",
        ]
        run(TERRAFORM, "plan", "-input=false", "-refresh=false", "-out=plan", *variables, cwd=folder, **settings)
        planned = json.loads(run(TERRAFORM, "show", "-json", "plan", cwd=folder, **settings))
        resources = [one["values"] for one in planned["planned_values"]["root_module"]["resources"]]
        check(
            {
                one["function_name"]: {
                    "Runtime": one["runtime"],
                    "Layers": one["layers"],
                    "Environment": {"Variables": one["environment"][0]["variables"]},
                }
                for one in resources
                if "function_name" in one
            }
        )
