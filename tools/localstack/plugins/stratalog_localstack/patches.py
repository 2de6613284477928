"""What LocalStack does otherwise than the real service or than this machine can, set right at its start."""

import os

from localstack.aws.handlers.codec import ContentDecoder
from localstack.services.cloudformation.engine.v2 import change_set_model as model
from localstack.services.cloudformation.resource_provider import ResourceProviderExecutor
from localstack.services.dynamodb.server import DynamodbServer

from localstack.services.apigateway.next_gen.execute_api.handlers import parse
from twisted.web import http

from stratalog_localstack.custom_resources import register_endpoint


def apply() -> None:
    register_endpoint()
    _leave_out_missing_java_agent()
    _keep_what_refers_to_the_same()
    _pass_bodies_as_they_come()


def _leave_out_missing_java_agent() -> None:
    """DynamoDB Local is started with an agent that lifts a limit of its indexes, and that no package
    registry holds."""
    original = DynamodbServer._create_shell_command
    prefix = "-javaagent:"

    def is_missing(argument: str) -> bool:
        return argument.startswith(prefix) and not os.path.exists(argument[len(prefix) :])

    DynamodbServer._create_shell_command = lambda self: [a for a in original(self) if not is_missing(a)]


def _keep_what_refers_to_the_same() -> None:
    """A resource is replaced when a create-only property of it is a Ref to a resource that changes in any
    way. A Ref gives the same value unless what it names is itself replaced: without this a bucket that
    changes loses its policy."""

    def same_target(change_set, value) -> bool:
        if not (
            isinstance(value, model.NodeIntrinsicFunction)
            and value.intrinsic_function == "Ref"
            and isinstance(value.arguments, model.TerminalValueUnchanged)
        ):
            return False
        if value.arguments.value not in change_set._after_template.get("Resources", {}):
            return False
        target = change_set._retrieve_or_visit_resource(resource_name=value.arguments.value)
        return target.change_type == model.ChangeType.MODIFIED and not target.requires_replacement

    def requires_replacement(change_set, node_properties, resource_type) -> bool:
        provider = ResourceProviderExecutor.try_load_resource_provider(resource_type.value)
        if not provider:
            return False
        names = provider.SCHEMA.get("createOnlyProperties", [])
        create_only = {name.replace("/properties/", "", 1) for name in names}
        return any(
            prop.name in create_only
            and prop.change_type != model.ChangeType.UNCHANGED
            and not same_target(change_set, prop.value)
            for prop in node_properties.properties
        )

    model.ChangeSetModel._resolve_requires_replacement = requires_replacement


def _pass_bodies_as_they_come() -> None:
    """API Gateway hands a function the body as it was sent, without looking into it. Here forms are parsed,
    and put together again where they were forms, and compressed bodies are decompressed."""
    http._getMultiPartArgs = lambda content, content_type: {}
    parse.restore_payload = lambda request: request.get_data(parse_form_data=False)
    original = ContentDecoder.__call__

    def decode(self, chain, context, response):
        request = context.request
        if request.path.startswith("/_aws/execute-api/") or ".execute-api." in request.host:
            return
        original(self, chain, context, response)

    ContentDecoder.__call__ = decode
