"""Services that invoke a function as one step of their own: Step Functions, durable executions, destinations, AppSync.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html,
.../lambda/latest/dg/invocation-async-retain-records.html,
.../appsync/latest/devguide/resolver-context-reference-js.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv
from aftercall.recognition import flow
from aftercall.recognition.sources.carriers import contexts_of
from aftercall.recognition.sources.context_object import context_object
from aftercall.recognition.sources.http import read_plain_headers
from aftercall.recognition.sources.members import (
    arn_name,
    arn_resource,
    at,
    count_at,
    fields_at,
    from_iso,
    number_of,
    text_at,
)
from aftercall.recognition.sources.reading import add

if TYPE_CHECKING:
    from typing import Any

    from aftercall.recognition.sources.reading import Reading
    from aftercall.recognition.trigger import Trigger


def read_step_functions(event: dict[str, Any], trigger: Trigger, _reading: Reading) -> None:
    context = context_object(event)
    execution, machine = text_at(context, "Execution", "Id"), text_at(context, "StateMachine", "Id")
    trigger.resource = text_at(context, "StateMachine", "Name") or arn_name(execution)
    trigger.operation = text_at(context, "State", "Name")
    add(trigger.received, [flow.step_functions(execution)])
    if machine:
        trigger.attributes[semconv.AWS_STEP_FUNCTIONS_STATE_MACHINE_ARN] = machine
    retries = number_of(at(context, "State", "RetryCount"))
    trigger.receive_count = None if retries is None else int(retries) + 1
    for carrier in (event, fields_at(context, "Execution", "Input")):
        add(trigger.links, contexts_of(carrier))


def read_durable(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """`arn:aws:lambda:...:function:NAME:VERSION/durable-execution/EXECUTION/ID`; the first operation has the input."""
    arn = text_at(event, "DurableExecutionArn")
    parts = arn_resource(arn).split("/")
    trigger.resource = parts[2] if len(parts) > 2 else ""
    add(trigger.received, [flow.durable_execution(arn)])
    first = at(event, "InitialExecutionState", "Operations", "0")
    reading.carried(trigger, reading.object_in(at(first, "ExecutionDetails", "InputPayload")))


def read_destination(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """What became of another invocation, or of a batch that an event source mapping gave up."""
    context = fields_at(event, "requestContext")
    trigger.resource = arn_name(text_at(context, "functionArn"))
    trigger.operation = text_at(context, "condition")
    count = number_of(context.get("approximateInvokeCount"))
    trigger.receive_count = int(count) if count else None
    if request_id := text_at(context, "requestId"):
        add(trigger.received, [flow.lambda_(request_id)])
    reading.carried(trigger, event.get("requestPayload"))
    reading.set_age(trigger, [from_iso(event.get("timestamp"))])


def read_appsync(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """One resolver's context, or a batch of them."""
    first = fields_at(event, "Records", "0") or event
    trigger.items = count_at(event, "Records") if reading.is_whole else None
    parent, field = text_at(first, "info", "parentTypeName"), text_at(first, "info", "fieldName")
    trigger.resource = trigger.operation = f"{parent}.{field}".strip(".")
    if parent in {"Query", "Mutation", "Subscription"}:
        trigger.attributes[semconv.GRAPHQL_OPERATION_TYPE] = parent.lower()
    read_plain_headers(fields_at(first, "request"), trigger)


def read_appsync_events(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    trigger.items = count_at(event, "events") if reading.is_whole else None
    trigger.resource = text_at(event, "info", "channel", "path")
    trigger.operation = text_at(event, "info", "operation")
    read_plain_headers(fields_at(event, "request"), trigger)
