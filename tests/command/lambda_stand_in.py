"""The Lambda service on loopback: moto's server, with what moto leaves out and attaching depends on.

    RevisionId, checked at each update (412)          pages of ListFunctions, 50 functions each
    the limits on layers and variables (400)          functions that are being updated (409 meanwhile)
    throttling (429)                                  fields that moto does not know (`overlay`)

`calls` are the requests in the order in which they came: (method, path, body).
"""

from __future__ import annotations

import base64
import functools
import io
import json
import re
import threading
import uuid
import zipfile
from urllib.parse import parse_qs, unquote

import boto3
import botocore.config
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

ACCOUNT = "123456789012"
REGION = "eu-central-1"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/function"
PAGE = 50
_LISTED_BY_ARN = re.compile(r"(.*/layers/)arn:[^/]*:layer:([^/]+)(/versions)")
_EACH_TIME = {"ResponseMetadata", "LastModified", "RevisionId"}
_WSGI_REASONS = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    412: "Precondition Failed",
    429: "Too Many",
}


class LambdaStandIn:
    def __init__(self):
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.RLock()
        self._reset_notes()
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _reset_notes(self):
        self.calls = []
        self._revisions = {}
        self._overlays = {}
        self._busy = {}
        self._refusals = []
        self._before = []
        self.invocations = {}
        """Function -> (answer, end of its log), or what gives both for an event; no function is really run."""
        self.locations = {}
        """Where the zips of code and layers are, which moto has nowhere."""

    def reset(self):
        with self._lock:
            self._reset_notes()
            moto_api_backend.reset()
        self.client("iam").create_role(RoleName=ROLE.rpartition("/")[2], AssumeRolePolicyDocument="{}")
        self.calls.clear()

    # What a test asks for

    @functools.cache  # noqa: B019 - there is one stand-in in a test process
    def client(self, service="lambda", region=REGION):
        keys = dict(zip(("aws_access_key_id", "aws_secret_access_key"), KEYS.values(), strict=True))
        config = botocore.config.Config(max_pool_connections=20)
        return boto3.client(service, region_name=region, endpoint_url=self.url, config=config, **keys)

    def create(
        self, name, runtime="python3.12", *, architecture="x86_64", variables=None, layers=(), tags=None, **rest
    ):
        """A function; `rest` is as in CreateFunction."""
        spec = {"FunctionName": name, "Role": ROLE, "Architectures": [architecture], "Layers": list(layers), **rest}
        if variables:
            spec["Environment"] = {"Variables": variables}
        if tags:
            spec["Tags"] = tags
        if runtime is None:
            spec |= {"PackageType": "Image", "Code": {"ImageUri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/app:1"}}
        else:
            spec |= {"Runtime": runtime, "Handler": "app.handler", "Code": {"ZipFile": _CODE}}
        return self.client().create_function(**spec)

    def publish(self, name, *, architectures=("x86_64",), description="", content=None, region=REGION):
        """A layer version; gives its ARN."""
        answer = self.client(region=region).publish_layer_version(
            LayerName=name,
            Description=description,
            Content={"ZipFile": content or _CODE},
            CompatibleArchitectures=list(architectures),
        )
        return answer["LayerVersionArn"]

    def configuration(self, name):
        """As GetFunctionConfiguration tells it, without what each update changes by itself."""
        return _lasting(self.client().get_function_configuration(FunctionName=name))

    def configurations(self):
        """Of all functions, by name."""
        pages = self.client().get_paginator("list_functions").paginate()
        return {one["FunctionName"]: _lasting(one) for page in pages for one in page["Functions"]}

    def overlay(self, name, **fields):
        """Fields of the configuration that moto does not know or cannot be told."""
        self._overlays.setdefault(name, {}).update(fields)

    def busy(self, name, looks):
        """The next `looks` at the function find an update in progress."""
        self._busy[name] = looks

    def refuse(self, method, path_end, status, code, message="", times=1):
        """Answer the next requests of this kind so."""
        self._refusals.append([method, path_end, status, code, message, times])

    def before(self, method, path_end, act):
        """Call `act` once, just before such a request is answered."""
        self._before.append([method, path_end, act])

    def count(self, method, path_end):
        return sum(call[0] == method and call[1].endswith(path_end) for call in self.calls)

    # The service

    def _answer(self, environ, start_response):
        method, path = environ["REQUEST_METHOD"], unquote(environ["PATH_INFO"])
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        for waiting in self._before[:]:
            if (waiting[0], True) == (method, path.endswith(waiting[1])):
                self._before.remove(waiting)
                waiting[2]()
        with self._lock:
            self.calls.append((method, path, body))
            refusal = self._refusal(method, path, body)
            if refusal is not None:
                return _refuse(start_response, *refusal)
            if not path.endswith("/invocations"):
                return self._from_moto(method, path, environ, body, start_response)
            invocation = self.invocations[path.split("/")[-2]]
        return _invoked(start_response, *(invocation(json.loads(body)) if callable(invocation) else invocation))

    def _refusal(self, method, path, body):
        for refusal in self._refusals:
            if refusal[0] == method and path.endswith(refusal[1]) and refusal[5] > 0:
                refusal[5] -= 1
                return refusal[2:5]
        if method != "PUT" or not path.endswith("/configuration"):
            return None
        name, update = path.split("/")[-2], json.loads(body)
        if self._busy.get(name):
            return 409, "ResourceConflictException", "The operation cannot be performed at this time."
        if update.get("RevisionId") not in {None, self._revision(name)}:
            return 412, "PreconditionFailedException", "The Revision Id provided does not match the latest Revision Id."
        return _over_limits(update)

    def _revision(self, name):
        return self._revisions.setdefault(name, str(uuid.uuid4()))

    def _from_moto(self, method, path, environ, body, start_response):
        environ["wsgi.input"] = io.BytesIO(body)
        if _LISTED_BY_ARN.fullmatch(path):
            # Moto knows a layer by its name alone there.
            for variable in ("PATH_INFO", "REQUEST_URI", "RAW_URI"):
                environ[variable] = _LISTED_BY_ARN.sub(r"\1\2\3", unquote(environ[variable]))
        sent: dict = {}

        def started(status, headers, exc_info=None):
            sent.update(status=status, headers=headers)
            return lambda data: None

        content = b"".join(self._moto(environ, started))
        if sent["status"].startswith("2") and "/functions" in path:
            content = self._completed(method, path, environ.get("QUERY_STRING", ""), content)
        if "/layers/" in path and "layer" in self.locations:
            content = content.replace(b'"s3://"', json.dumps(self.locations["layer"]).encode())
        headers = [(name, value) for name, value in sent["headers"] if name.lower() != "content-length"]
        start_response(sent["status"], [*headers, ("Content-Length", str(len(content)))])
        return [content]

    def _completed(self, method, path, query, content):
        answer = json.loads(content) if content else {}
        if path.rstrip("/").endswith("/functions") and method == "GET":
            start = int(parse_qs(query).get("Marker", ["0"])[0])
            more = {"NextMarker": str(start + PAGE)} if len(answer["Functions"]) > start + PAGE else {}
            page = [self._as_listed(one) for one in answer["Functions"][start : start + PAGE]]
            return json.dumps({"Functions": page, **more}).encode()
        if path.endswith("/configuration"):
            name = path.split("/")[-2]
            if method == "PUT":
                self._revisions[name] = str(uuid.uuid4())
            return json.dumps(self._as_told(answer, looked=method == "GET")).encode()
        if method == "GET" and "code" in self.locations and "Code" in answer:
            answer["Code"]["Location"] = self.locations["code"]
            return json.dumps(answer).encode()
        return content

    def _as_told(self, configuration, *, looked):
        name = configuration["FunctionName"]
        configuration |= {"RevisionId": self._revision(name), **self._overlays.get(name, {})}
        if self._busy.get(name) and looked:
            self._busy[name] -= 1
            configuration["LastUpdateStatus"] = "InProgress"
        return configuration

    def _as_listed(self, configuration):
        """ListFunctions tells no states."""
        told = self._as_told(configuration, looked=False)
        return {key: told[key] for key in told if not key.startswith(("State", "LastUpdateStatus"))}


def _lasting(configuration):
    return {key: configuration[key] for key in configuration if key not in _EACH_TIME}


def _over_limits(update):
    """As the service refuses: at most five layers, and 4 KB of variables."""
    if len(update.get("Layers") or ()) > 5:
        return 400, "InvalidParameterValueException", "Cannot reference more than 5 layers."
    variables = json.dumps((update.get("Environment") or {}).get("Variables", {}), separators=(",", ":"))
    if len(variables.encode()) > 4096:
        message = "Lambda was unable to configure your environment variables because they exceeded the 4KB limit."
        return 400, "InvalidParameterValueException", message
    return None


def _invoked(start_response, answer, log, request_id="1"):
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    tail = base64.b64encode(log.encode()).decode()
    headers = [("Content-Length", str(len(content))), ("X-Amz-Log-Result", tail), ("x-amzn-RequestId", request_id)]
    start_response("200 OK", headers)
    return [content]


def _refuse(start_response, status, code, message):
    content = json.dumps({"Type": "User", "message": message, "Message": message}).encode()
    headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", code), ("Content-Length", str(len(content)))]
    start_response(f"{status} {_WSGI_REASONS[status]}", headers)
    return [content]


def _zip_of(name, content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


_CODE = _zip_of("app.py", "def handler(event, context): pass")
