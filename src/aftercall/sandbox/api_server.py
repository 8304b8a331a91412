"""Runtime, Extensions and Telemetry API over HTTP, on one port: paths, headers and status codes, no rules.

Whatever is asked goes to the generation of the environment that `current` gives.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from aftercall.sandbox.config import SandboxConfig, SandboxError
from aftercall.sandbox.execution_environment import ExecutionEnvironment
from aftercall.sandbox.extensions import Refusal
from aftercall.sandbox.telemetry_subscription import parse_subscription

_RUNTIME = "/2018-06-01/runtime"
_EXTENSION = "/2020-01-01/extension"
_TELEMETRY = "/2022-07-01/telemetry"
# A frozen client keeps its connections for as long as it is frozen.
_KEEP_ALIVE_SECONDS = 86_400.0
_SHUTDOWN_SECONDS = 1.0
_MAX_BODY = 64 * 1024 * 1024
# Clients send an error's whole stack trace in Lambda-Runtime-Function-XRay-Error-Cause, up to this length.
_MAX_FIELD = 1024 * 1024


@dataclass
class ApiCall:
    """One request; `status` is 0 while it is not answered. `extension` is the name given at registration."""

    time: float
    method: str
    path: str
    extension: str | None
    status: int = 0
    answered_at: float | None = None


class ApiServer:
    """`current` gives the generation or None between two; `calls` holds every request in order of arrival."""

    def __init__(self, config: SandboxConfig, current: Callable[[], ExecutionEnvironment | None]) -> None:
        self._config = config
        self._current = current
        self._runner: web.AppRunner | None = None
        self.address = ""
        self.calls: list[ApiCall] = []

    async def start(self) -> None:
        app = web.Application(middlewares=[self._answer], client_max_size=_MAX_BODY)
        app.add_routes(
            [
                web.get(f"{_RUNTIME}/invocation/next", self._runtime_next),
                web.post(_RUNTIME + "/invocation/{request_id}/response", self._runtime_response),
                web.post(_RUNTIME + "/invocation/{request_id}/error", self._runtime_error),
                web.post(f"{_RUNTIME}/init/error", self._runtime_init_error),
                web.get(f"{_RUNTIME}/restore/next", self._no_restore),
                web.post(f"{_RUNTIME}/restore/error", self._no_restore),
                web.post(f"{_EXTENSION}/register", self._register),
                web.get(f"{_EXTENSION}/event/next", self._extension_next),
                web.post(f"{_EXTENSION}/init/error", self._extension_error),
                web.post(f"{_EXTENSION}/exit/error", self._extension_error),
                web.put(_TELEMETRY, self._subscribe),
            ]
        )
        self._runner = web.AppRunner(
            app,
            access_log=None,
            keepalive_timeout=_KEEP_ALIVE_SECONDS,
            shutdown_timeout=_SHUTDOWN_SECONDS,
            max_field_size=_MAX_FIELD,
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._config.api_port)
        try:
            await site.start()
        except (OSError, OverflowError) as error:
            await self.close()
            raise SandboxError(
                f"port {self._config.api_port} of 127.0.0.1 cannot be had ({error}): give another one, or 0 for any"
            ) from None
        self.address = "{}:{}".format(*self._runner.addresses[0])

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _answer(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        call = ApiCall(time.time(), request.method, request.path, request.headers.get("Lambda-Extension-Name"))
        self.calls.append(call)
        try:
            response = await handler(request)
        except Refusal as refusal:
            response = _error(403, refusal.error_type, str(refusal))
        except web.HTTPException as error:
            response = _error(error.status, "NotFound", f"{request.method} {request.path}: {error.reason}")
        except asyncio.CancelledError:
            # The environment went away while this was pending; the client is gone, or will not care.
            response = _error(503, "SandboxTerminated", "the environment was shut down")
        call.status, call.answered_at = response.status, time.time()
        return response

    def _environment(self) -> ExecutionEnvironment:
        environment = self._current()
        if environment is None:
            raise Refusal("SandboxTerminated", "no environment is running")
        return environment

    async def _runtime_next(self, request: web.Request) -> web.Response:
        environment = self._environment()
        invocation = await environment.runtime.ask_next(request.headers.get("User-Agent"))
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(int(invocation.deadline * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self._config.function_arn,
            "Lambda-Runtime-Invocation-Id": invocation.invocation_id,
        }
        optional = {
            "Lambda-Runtime-Trace-Id": invocation.trace_id,
            "Lambda-Runtime-Client-Context": invocation.client_context,
            "Lambda-Runtime-Cognito-Identity": invocation.cognito_identity,
            "Lambda-Runtime-Aws-Tenant-Id": invocation.tenant_id,
        }
        headers |= {name: value for name, value in optional.items() if value}
        return web.Response(body=invocation.event, content_type="application/json", headers=headers)

    async def _runtime_response(self, request: web.Request) -> web.Response:
        mode = request.headers.get("Lambda-Runtime-Function-Response-Mode", "buffered").lower()
        if mode not in ("buffered", "streaming"):
            return _error(400, "InvalidFunctionResponseMode", "Invalid function response mode")
        runtime = self._environment().runtime
        payload = bytearray()
        first_byte_at: float | None = None
        async for chunk in request.content.iter_any():
            first_byte_at = first_byte_at or time.time()
            payload += chunk
        try:
            runtime.answer_response(
                request.match_info["request_id"],
                bytes(payload),
                request.headers.get("Content-Type", "application/octet-stream"),
                streamed=mode == "streaming",
                first_byte_at=first_byte_at or time.time(),
            )
        except ValueError as error:
            return _error(400, "InvalidRequestID", str(error))
        except OverflowError as error:
            return _error(413, "RequestEntityTooLarge", str(error))
        return _accepted()

    async def _runtime_error(self, request: web.Request) -> web.Response:
        payload = await request.read()
        try:
            self._environment().runtime.answer_error(
                request.match_info["request_id"],
                payload,
                _error_type(request, payload),
                request.headers.get("Content-Type", "application/json"),
            )
        except ValueError as error:
            return _error(400, "InvalidRequestID", str(error))
        return _accepted()

    async def _runtime_init_error(self, request: web.Request) -> web.Response:
        payload = await request.read()
        self._environment().runtime.fail_init(payload, _error_type(request, payload))
        return _accepted()

    async def _no_restore(self, _request: web.Request) -> web.Response:
        raise Refusal("InvalidStateTransition", "this environment was not restored from a snapshot")

    async def _register(self, request: web.Request) -> web.Response:
        environment = self._environment()
        try:
            asked = json.loads(await request.read())
            events = asked["events"]
        except (ValueError, KeyError, TypeError):
            raise Refusal("InvalidRequestFormat", "the body is not a JSON object with events") from None
        extension = environment.extensions.register(request.headers.get("Lambda-Extension-Name", ""), events)
        body = {
            "functionName": self._config.function_name,
            "functionVersion": self._config.function_version,
            "handler": self._config.handler,
        }
        features = request.headers.get("Lambda-Extension-Accept-Feature", "")
        if "accountid" in [feature.strip().lower() for feature in features.split(",")]:
            body["accountId"] = self._config.account_id
        return web.json_response(body, headers={"Lambda-Extension-Identifier": extension.identifier})

    async def _extension_next(self, request: web.Request) -> web.Response:
        environment = self._environment()
        extension = environment.extensions.identify(request.headers.get("Lambda-Extension-Identifier"))
        self.calls[-1].extension = extension.name
        return web.json_response(await environment.extensions.ask_next(extension))

    async def _extension_error(self, request: web.Request) -> web.Response:
        environment = self._environment()
        extension = environment.extensions.identify(request.headers.get("Lambda-Extension-Identifier"))
        error_type = request.headers.get("Lambda-Extension-Function-Error-Type")
        if not error_type:
            raise Refusal("Extension.MissingHeader", "Lambda-Extension-Function-Error-Type not found")
        extension.fail("InitError" if request.path.endswith("/init/error") else "ExitError", error_type)
        return _accepted()

    async def _subscribe(self, request: web.Request) -> web.Response:
        environment = self._environment()
        extension = environment.extensions.identify(request.headers.get("Lambda-Extension-Identifier"))
        body = await request.read()
        if not environment.in_init:
            raise Refusal("Telemetry.SubscriptionClosed", "Telemetry API subscription is closed already")
        try:
            subscription = parse_subscription(body)
        except ValueError as error:
            return _error(400, "ValidationError", str(error))
        environment.stream.subscribe(extension.name, subscription)
        return web.json_response("OK")


def _error_type(request: web.Request, payload: bytes) -> str:
    """The header's, else (Python's client gives none) the payload's."""
    error_type = request.headers.get("Lambda-Runtime-Function-Error-Type")
    if not error_type:
        try:
            error_type = json.loads(payload)["errorType"]
        except (ValueError, KeyError, TypeError):
            error_type = None
    return error_type if isinstance(error_type, str) and error_type else "Runtime.Unknown"


def _accepted() -> web.Response:
    return web.json_response({"status": "OK"}, status=202)


def _error(status: int, error_type: str, message: str) -> web.Response:
    body: dict[str, Any] = {"errorType": error_type, "errorMessage": message}
    return web.json_response(body, status=status)
