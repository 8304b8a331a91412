"""The extensions of one generation of the environment, and what each may ask for in which state.

Error types and messages as in rapid's `core` and `rapi/handler`. Refusal is answered with 403.
"""

import asyncio
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aftercall.sandbox.containment import ContainedProcess

MAX_EXTENSIONS = 10
MANAGED_INSTANCES = "lambda-managed-instances"


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """The API says no; `error_type` as AWS names it."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type


class Extension:
    """`state`: Started, Registered, Ready (asked for next), Running (has an event), InitError, ExitError, Exited."""

    def __init__(self, name: str, *, internal: bool) -> None:
        self.name = name
        self.internal = internal
        self.identifier = str(uuid.uuid4())
        self.events: tuple[str, ...] = ()
        self.state = "Started"
        self.error_type: str | None = None
        self.process: ContainedProcess | None = None
        self._waiting: asyncio.Future[dict[str, Any]] | None = None
        self._queued: dict[str, Any] | None = None

    @property
    def registered(self) -> bool:
        return self.state != "Started"

    @property
    def waiting(self) -> bool:
        return self._waiting is not None

    @property
    def alive(self) -> bool:
        return self.process is not None and not self.process.exited.done()

    def register(self, events: Sequence[str]) -> None:
        if self.registered:
            raise Refusal(
                "Extension.InvalidExtensionState",
                f"State transition from {self.state} to Registered failed for extension {self.name}. "
                "Error: State transition is not allowed",
            )
        self.events = tuple(events)
        self.state = "Registered"

    def ask_next(self) -> asyncio.Future[dict[str, Any]]:
        """The future of the next event. A second one while one is pending is refused, whoever holds the first."""
        if self.waiting or self.state not in ("Registered", "Running"):
            raise Refusal(
                "Extension.InvalidExtensionState",
                f"State transition from {self.state} to Ready failed for extension {self.identifier}. "
                "Error: State transition is not allowed",
            )
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.state = "Ready"
        self._waiting = future
        if self._queued is not None:
            self.deliver(self._queued)
        return future

    def deliver(self, event: dict[str, Any]) -> None:
        """At once where it waits for one, else when it asks."""
        if self._waiting is None:
            self._queued = event
            return
        if not self._waiting.done():
            self._waiting.set_result(event)
        self._waiting = None
        self._queued = None
        self.state = "Running"

    def fail(self, state: str, error_type: str) -> None:
        """It reported an error of its own and is about to exit."""
        self.state = state
        self.error_type = error_type

    def abandon(self) -> None:
        """The environment is gone; nobody hears the answer."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.cancel()
        self._waiting = None


class ExtensionRegistry:
    """`on_change` is called whenever something happened that a phase may be waiting for."""

    def __init__(self, initialization_type: str, on_change: Callable[[], None]) -> None:
        self._initialization_type = initialization_type
        self._on_change = on_change
        self._extensions: dict[str, Extension] = {}  # by name
        self.open = True

    def __iter__(self) -> Iterator[Extension]:
        return iter(self._extensions.values())

    @property
    def external(self) -> list[Extension]:
        return [extension for extension in self._extensions.values() if not extension.internal]

    def add_external(self, name: str) -> Extension:
        extension = Extension(name, internal=False)
        self._extensions[name] = extension
        return extension

    def register(self, name: str, events: Any) -> Extension:
        if not name:
            raise Refusal("Extension.InvalidExtensionName", "Empty extension name")
        if not isinstance(events, list):
            raise Refusal("InvalidRequestFormat", "events is not a list")
        known = self._extensions.get(name)
        internal = known is None or known.internal
        self._check_events(events, internal=internal)
        extension = self._new_internal(name) if internal else self._extensions[name]
        extension.register(events)
        self._on_change()
        return extension

    def ask_next(self, extension: Extension) -> asyncio.Future[dict[str, Any]]:
        future = extension.ask_next()
        self._on_change()
        return future

    def identify(self, identifier: str | None) -> Extension:
        if not identifier:
            raise Refusal("Extension.MissingExtensionIdentifier", "Missing Lambda-Extension-Identifier header")
        for extension in self._extensions.values():
            if extension.identifier == identifier and extension.registered:
                return extension
        try:
            uuid.UUID(identifier)
        except ValueError:
            raise Refusal("Extension.InvalidExtensionIdentifier", "Invalid Lambda-Extension-Identifier") from None
        raise Refusal("Extension.UnknownExtensionIdentifier", f"Unknown extension {identifier}")

    def all_registered(self) -> bool:
        return all(extension.registered for extension in self._extensions.values())

    def all_waiting(self) -> bool:
        return all(extension.waiting for extension in self._extensions.values())

    def subscribed_to(self, event: str) -> list[Extension]:
        return [extension for extension in self._extensions.values() if event in extension.events]

    def _check_events(self, events: list[Any], *, internal: bool) -> None:
        for event in events:
            known = event in ("INVOKE", "SHUTDOWN")
            if not known or (internal and event == "SHUTDOWN"):
                raise Refusal("Extension.InvalidEventType", f"{event}: ShutdownEventNotSupportedForInternalExtension"
                              if known else f"{event}: InvalidEventType")  # fmt: skip
            if event == "INVOKE" and self._initialization_type == MANAGED_INSTANCES:
                raise Refusal("Extension.InvalidEventType", "INVOKE: not supported on Managed Instances")

    def _new_internal(self, name: str) -> Extension:
        if not self.open:
            raise Refusal("Extension.RegistrationClosed", "Extension registration closed already")
        if name in self._extensions:
            raise Refusal("Extension.InvalidExtensionState", "Extension with this name already registered")
        if len(self._extensions) >= MAX_EXTENSIONS:
            raise Refusal("Extension.TooManyExtensions", f"Extension limit ({MAX_EXTENSIONS}) reached")
        self._extensions[name] = Extension(name, internal=True)
        return self._extensions[name]
