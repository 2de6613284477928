"""What LocalStack finds by the entry points of this package."""

from localstack.runtime import hooks
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    """Chosen by LAMBDA_RUNTIME_EXECUTOR=process."""

    name = "process"

    def load(self, *args, **kwargs):
        from stratalog_localstack.executor import ProcessExecutor

        return ProcessExecutor


@hooks.on_infra_start()
def apply_patches():
    from stratalog_localstack.patches import apply

    apply()
