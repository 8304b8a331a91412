"""Each bad input: one line, with its remedy, and nothing changed."""

import http.server
import json
import os
import threading
import zipfile

import pytest

from tests.command.lambda_stand_in import ACCOUNT, REGION

YES = "--yes"
MANY = {f"VARIABLE_{number:03}": "x" * 60 for number in range(52)}


def no_keys(service, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")


def half_a_key(service, monkeypatch):
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")


def no_region(service, monkeypatch):
    monkeypatch.delenv("AWS_REGION")


def nobody_answers(service, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")


def refused_with(status, code, message=""):
    return lambda service, monkeypatch: service.refuse("GET", "/configuration", status, code, message)


@pytest.mark.parametrize(
    ("prepare", "arguments", "line"),
    [
        (no_keys, [], "no AWS credentials: run `aws sso login`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and"),
        (half_a_key, [], "half of the AWS credentials is missing: run `aws sso login`"),
        (no_region, [], "no region: give --region, or set AWS_REGION"),
        (nobody_answers, [], "no answer from http://127.0.0.1:1"),
        (None, ["--profile", "prod"], "profile 'prod' is not in your AWS configuration (there: none)"),
        (None, ["--region", "Frankfurt!"], "give a --region such as eu-central-1"),
        (
            None,
            ["--region", "us-east-1"],
            "no layer aftercall in us-east-1: run `aftercall publish --region us-east-1` first",
        ),
        (refused_with(403, "ExpiredTokenException"), [], "your AWS session has expired: sign in again"),
        (refused_with(403, "UnrecognizedClientException"), [], "AWS does not know these credentials"),
        (
            refused_with(403, "AccessDeniedException", "User is not authorized"),
            [],
            "may not do GetFunctionConfiguration (User is not authorized): allow lambda:GetFunctionConfiguration",
        ),
        (refused_with(404, "ResourceNotFoundException"), [], "function orders: not found: is --region right"),
        (None, ["nope"], "function nope: not found: is --region right, and the name?"),
        (None, ["ordres"], "function ordres: not found: is --region right, and the name? (did you mean orders?)"),
        (None, ["orders:7"], "orders:7 names a published version, which cannot change: give orders alone"),
        (None, ["a function"], "'a function' is not a function's name or ARN: see `aws lambda list-functions`"),
        (
            None,
            [f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:orders"],
            "is not in eu-central-1: add --region us-east-1",
        ),
        (None, ["--all"], "names together with --prefix, --tag or --all: give the ones or the others"),
        (None, ["--layer", "no such"], "--layer 'no such' is neither a layer's ARN nor a name"),
        (None, ["--layer", "none"], "no layer none in eu-central-1: run `aftercall publish"),
        (
            None,
            ["--layer", f"arn:aws:lambda:us-east-1:{ACCOUNT}:layer:aftercall:1"],
            "is in us-east-1, the functions are in eu-central-1: run `aftercall publish --region eu-central-1`",
        ),
        (None, ["--layer", f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:aftercall:9"], "layer:aftercall:9: not found"),
        (None, ["--set", "PATH=/"], "--set PATH: sets AFTERCALL_* and OTEL_* variables alone"),
        (None, ["--set", "OTEL_SERVICE_NAME"], "variable 'OTEL_SERVICE_NAME' has no value"),
        (None, ["--set", "AFTERCALL_NEXT_WRAPPER=/x"], "--chain sets it from the wrapper that is there"),
    ],
)
def test_one_line_and_nothing_changed(service, aftercall, monkeypatch, prepare, arguments, line):
    service.publish("aftercall")
    service.create("orders")
    before = service.configurations()
    if prepare is not None:
        prepare(service, monkeypatch)
    result = aftercall("attach", "orders", YES, *arguments)
    assert result.status in {1, 2}
    assert (line in result.err, result.err.count("\n")) == (True, 1), result.err
    monkeypatch.undo()
    assert service.configurations() == before


@pytest.mark.parametrize(
    ("function", "line"),
    [
        ({"runtime": None}, "not orders: it is a container image, which takes no layers: add `COPY --from=aftercall"),
        ({"runtime": "python3.8"}, "its runtime python3.8 is out of service: move it to python3.14"),
        ({"runtime": "nodejs16.x"}, "its runtime nodejs16.x is out of service: move it to nodejs24.x"),
        ({"runtime": "java8"}, "its runtime java8 is out of service: move it to java25"),
        ({"runtime": "go1.x"}, "its runtime go1.x is out of service: move it to a runtime in service"),
        ({"runtime": "dotnetcore3.1"}, "its runtime dotnetcore3.1 is out of service"),
        ({"architecture": "arm64"}, "it runs on arm64, the layer is for x86_64: publish the arm64 zip too"),
        ({"variables": MANY}, "its variables would take 4,1"),
        ({"layers": 5}, "it has 5 layers, as many as Lambda allows: merge two of them, or remove one"),
        ({"variables": {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/x"}}, "AWS_LAMBDA_EXEC_WRAPPER is /opt/x already: --chain"),
        (
            {"overlay": {"Environment": {"Error": {"ErrorCode": "AccessDenied", "Message": "key denied"}}}},
            "its variables cannot be read (key denied), so they would be lost: allow kms:Decrypt on its key",
        ),
        (
            {"overlay": {"State": "Failed", "StateReason": "The subnet is gone"}},
            "its last update failed (The subnet is gone): mend that first",
        ),
        ({"busy": 9}, "is still being updated after 0 s: run the command again later, or with more --wait"),
    ],
)
def test_a_function_that_cannot_have_it_is_left_as_it_is(service, aftercall, function, line):
    service.publish("aftercall")
    others = [service.publish(f"other-{number}") for number in range(function.pop("layers", 0))]
    overlay, busy = function.pop("overlay", {}), function.pop("busy", 0)
    service.create("orders", layers=others, **function)
    service.create("beside")
    before = service.configuration("orders")
    service.overlay("orders", **overlay)
    service.busy("orders", busy)
    result = aftercall("attach", "--all", YES, "--wait", "0")
    failed = "failed orders: " in result.out
    assert (result.status, line in result.out) == (1 if failed else 3, True), result.out
    assert "attach: 1 of" in result.out
    service.overlay("orders", **{field: before.get(field) for field in overlay})
    service.busy("orders", 0)
    assert service.configuration("orders")["Layers"] == before["Layers"]
    assert service.configuration("beside")["Layers"] != []


def test_chaining_twice_is_refused(service, aftercall):
    service.publish("aftercall")
    service.create("orders", variables={"AWS_LAMBDA_EXEC_WRAPPER": "/opt/x", "AFTERCALL_NEXT_WRAPPER": "/opt/y"})
    result = aftercall("attach", "orders", YES, "--chain")
    assert "is /opt/x, and AFTERCALL_NEXT_WRAPPER is /opt/y: only one can come after ours, remove one" in result.out


def test_what_the_service_refuses_for_reasons_of_its_own_is_said_in_its_words(service, aftercall):
    service.publish("aftercall")
    service.create("orders")
    service.refuse("PUT", "/configuration", 400, "InvalidParameterValueException", "Layers consume more than 262144000")
    result = aftercall("attach", "orders", YES)
    assert "AWS refuses it (InvalidParameterValueException): Layers consume more than 262144000" in result.out


def test_lost_credentials_end_the_run(service, aftercall):
    service.publish("aftercall")
    for number in range(60):
        service.create(f"f{number:02}")
    service.refuse("PUT", "/configuration", 403, "ExpiredTokenException", "expired", times=1000)
    result = aftercall("attach", "--all", YES)
    assert result.status == 1
    assert "your AWS session has expired: sign in again, then run the same command" in result.out
    assert "left alone, since the run was stopped" in result.out
    assert service.count("PUT", "/configuration") < 60


def test_nobody_to_ask(service, aftercall, monkeypatch):
    service.publish("aftercall")
    service.create("orders")
    with open(os.devnull) as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        result = aftercall("attach", "orders")
    assert (result.status, "nobody to ask: give --yes to go on, or --dry-run" in result.err) == (2, True)
    assert service.count("PUT", "/configuration") == 0


def test_an_undo_file_that_cannot_be_written_or_read(service, aftercall, tmp_path):
    service.publish("aftercall")
    service.create("orders")
    there = tmp_path / "there"
    there.write_text("mine")
    result = aftercall("attach", "orders", YES, "--undo-file", there)
    assert "cannot be written (File exists), so nothing changes: name another with --undo-file" in result.err
    assert (there.read_text(), service.count("PUT", "/configuration")) == ("mine", 0)
    assert "is not an undo file of `aftercall attach` or `detach`" in aftercall("detach", "--undo", there).err
    there.write_text('{"aftercall_undo": 2, "region": "eu-central-1"}\n')
    assert "is of another version of aftercall" in aftercall("detach", "--undo", there).err
    assert "cannot be read (No such file or directory)" in aftercall("detach", "--undo", tmp_path / "none").err
    assert "leave the names" in aftercall("detach", "orders", "--undo", there).err


class _Ranges(http.server.SimpleHTTPRequestHandler):
    """Serves byte ranges, as S3 does."""

    def do_GET(self):
        with open(self.directory + self.path, "rb") as file:
            content = file.read()
        first, last = self.headers["Range"].removeprefix("bytes=").split("-")
        piece = content[int(first) : int(last) + 1]
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        self.send_header("Content-Length", str(len(piece)))
        self.end_headers()
        self.wfile.write(piece)

    def log_message(self, *words):
        pass


@pytest.fixture(scope="module")
def large_zip(tmp_path_factory):
    """The URL of a zip whose files have 300 MB, as its directory says, and the URL of a small one."""
    tmp_path = tmp_path_factory.mktemp("zips")
    with (
        zipfile.ZipFile(tmp_path / "large.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("zeros", "w") as file,
    ):
        for _ in range(300):
            file.write(bytes(1_000_000))
    with zipfile.ZipFile(tmp_path / "small.zip", "w") as archive:
        archive.writestr("a", "a")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *given: _Ranges(*given, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("zip_", "refused"), [("large.zip", True), ("small.zip", False)])
def test_250_mb_unpacked_are_read_from_the_zips_directories(service, aftercall, large_zip, zip_, refused):
    service.publish("aftercall")
    service.create("orders")
    service.overlay("orders", CodeSize=60_000_000)
    service.locations = {"code": f"{large_zip}/{zip_}", "layer": f"{large_zip}/small.zip"}
    result = aftercall("attach", "orders", YES)
    line = "code and layers would take 286.1 MB unpacked, Lambda allows 250: make the package smaller"
    assert (result.status, line in result.out) == ((3, True) if refused else (0, False))
    (row,) = json.loads(aftercall("status", "orders", "--json").out)
    assert (row["state"], line in row["remark"]) == (("refused", True) if refused else ("attached", False))
    # A size that cannot be learned is no reason to refuse: Lambda looks itself.
    service.locations = {"code": f"{large_zip}/none.zip", "layer": f"{large_zip}/small.zip"}
    assert aftercall("attach", "orders", YES).status == 0
