"""CloudFormation custom resources (AWS::CloudFormation::CustomResource and Custom::*).

The open core of LocalStack has no provider for them: it logs a warning and reports the resource as
created without calling anything. This provider calls the Lambda function named by ServiceToken and
waits for its reply.

The functions of CDK send the reply with https.request() to the host and path of ResponseURL and drop
its port, so the URL names a host which the init programs know and turn into a call to LocalStack.
"""

import json
import logging
import threading
import uuid

from localstack.http import Request, Response, route
from localstack.services.cloudformation.resource_provider import (
    CloudFormationResourceProviderPlugin,
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceRequest,
)

LOG = logging.getLogger(__name__)

RESPONSE_HOST = "cfn-response.stratalog.internal"
TYPE = "AWS::CloudFormation::CustomResource"
TOKEN = "stratalog_token"
ID = "PhysicalResourceId"
OWN = "StratalogProperties"

_calls: dict[str, "_Call"] = {}


class _Call:
    def __init__(self) -> None:
        self.replied = threading.Event()
        self.reply: dict = {}

    def settle(self, reply: dict) -> None:
        if not self.replied.is_set():
            self.reply = reply
            self.replied.set()


class ResponseEndpoint:
    @route("/_stratalog/cfn-response/<token>", methods=["PUT"])
    def put(self, request: Request, token: str) -> Response:
        call = _calls.get(token)
        if not call:
            return Response(status=404)
        try:
            call.settle(json.loads(request.get_data()))
        except ValueError as e:
            call.settle({"Status": "FAILED", "Reason": f"Malformed response: {e}"})
        return Response(status=200)


def register_endpoint() -> None:
    from localstack.services.edge import ROUTER

    ROUTER.add(ResponseEndpoint())


def _as_strings(value):
    """CloudFormation passes every scalar property as a string."""
    if isinstance(value, dict):
        return {k: _as_strings(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_as_strings(v) for v in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return str(value)


def _own(properties: dict | None) -> dict:
    """The properties of the template, without what an earlier reply added to the model."""
    properties = properties or {}
    if OWN in properties:
        return properties[OWN]
    return {k: v for k, v in properties.items() if k not in (ID, OWN)}


class CustomResourceProvider(ResourceProvider[dict]):
    TYPE = TYPE
    SCHEMA = {"typeName": TYPE, "primaryIdentifier": [f"/properties/{ID}"], "properties": {}}

    def create(self, request: ResourceRequest[dict]) -> ProgressEvent[dict]:
        return self._run(request, "Create")

    def update(self, request: ResourceRequest[dict]) -> ProgressEvent[dict]:
        return self._run(request, "Update")

    def delete(self, request: ResourceRequest[dict]) -> ProgressEvent[dict]:
        if not (request.desired_state or {}).get(ID):
            return ProgressEvent(status=OperationStatus.SUCCESS, resource_model={})
        return self._run(request, "Delete")

    def read(self, request: ResourceRequest[dict]) -> ProgressEvent[dict]:
        return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=request.desired_state)

    def _run(self, request: ResourceRequest[dict], kind: str) -> ProgressEvent[dict]:
        token = request.custom_context.get(TOKEN)
        if not token:
            token = self._start(request, kind)
        call = _calls[token]
        if not call.replied.wait(timeout=2):
            return ProgressEvent(
                status=OperationStatus.IN_PROGRESS,
                resource_model=request.desired_state,
                custom_context={TOKEN: token},
            )
        _calls.pop(token, None)
        return self._finish(request, kind, call.reply)

    def _start(self, request: ResourceRequest[dict], kind: str) -> str:
        state = request.desired_state or {}
        properties = _own(state)
        previous = request.previous_state or {}
        token = uuid.uuid4().hex
        event = {
            "RequestType": kind,
            "RequestId": str(uuid.uuid4()),
            "ResponseURL": f"https://{RESPONSE_HOST}/{token}",
            "StackId": request.stack_id,
            "ResourceType": request.resource_type,
            "LogicalResourceId": request.logical_resource_id,
            "ServiceToken": properties.get("ServiceToken"),
            "ResourceProperties": _as_strings(properties),
        }
        if kind != "Create":
            event[ID] = state.get(ID) or previous.get(ID)
        if kind == "Update":
            event["OldResourceProperties"] = _as_strings(_own(previous))
        call = _calls[token] = _Call()
        threading.Thread(
            target=self._invoke, args=(request, event, call), name="cfn-custom", daemon=True
        ).start()
        return token

    @staticmethod
    def _invoke(request: ResourceRequest[dict], event: dict, call: _Call) -> None:
        target = str(event["ServiceToken"] or "")
        if ":lambda:" not in target:
            call.settle({"Status": "FAILED", "Reason": f"Unsupported ServiceToken {target}"})
            return
        try:
            result = request.aws_client_factory.lambda_.invoke(
                FunctionName=target, Payload=json.dumps(event).encode()
            )
            if result.get("FunctionError"):
                reason = result["Payload"].read().decode(errors="replace")
                call.settle({"Status": "FAILED", "Reason": f"The function failed: {reason}"})
        except Exception as e:
            call.settle({"Status": "FAILED", "Reason": f"Calling {target} failed: {e}"})

    def _finish(self, request: ResourceRequest[dict], kind: str, reply: dict) -> ProgressEvent[dict]:
        if reply.get("Status") != "SUCCESS":
            reason = reply.get("Reason") or "no reason given"
            LOG.warning("%s of custom resource %s failed: %s", kind, request.logical_resource_id, reason)
            return ProgressEvent(
                status=OperationStatus.FAILED,
                resource_model=request.desired_state,
                message=f"Received response status [FAILED] from custom resource. Message returned: {reason}",
            )
        if kind == "Delete":
            return ProgressEvent(status=OperationStatus.SUCCESS, resource_model={})
        properties = _own(request.desired_state)
        old_id = (request.desired_state or {}).get(ID) or (request.previous_state or {}).get(ID)
        new_id = reply.get(ID) or old_id or str(uuid.uuid4())
        if kind == "Update" and old_id and old_id != new_id:
            self._replace(request, old_id)
        data = reply.get("Data") or {}
        # nested values are reached as "a.b" in Fn::GetAtt
        model = {**properties, **data, ID: new_id, OWN: properties}
        return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)

    def _replace(self, request: ResourceRequest[dict], old_id: str) -> None:
        properties = _own(request.previous_state)
        event = {
            "RequestType": "Delete",
            "RequestId": str(uuid.uuid4()),
            "ResponseURL": f"https://{RESPONSE_HOST}/replaced",
            "StackId": request.stack_id,
            "ResourceType": request.resource_type,
            "LogicalResourceId": request.logical_resource_id,
            ID: old_id,
            "ServiceToken": properties.get("ServiceToken"),
            "ResourceProperties": _as_strings(properties),
        }
        threading.Thread(
            target=self._invoke, args=(request, event, _Call()), name="cfn-custom", daemon=True
        ).start()


class CustomResourcePlugin(CloudFormationResourceProviderPlugin):
    name = TYPE

    def __init__(self) -> None:
        self.factory = None

    def load(self) -> None:
        self.factory = CustomResourceProvider
