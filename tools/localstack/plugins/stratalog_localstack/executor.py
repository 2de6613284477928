"""A LocalStack Lambda runtime executor that starts each environment as one process of this machine.

LocalStack decides when to start, re-use and stop an environment; this class runs one. After a timeout
or an exit of its process, the next invocation starts a new one, as the real service does.
"""

import json
import logging
import os
import shutil
import tempfile
import time
from concurrent.futures import CancelledError, TimeoutError
from datetime import datetime, timezone
from pathlib import Path

from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import (
    ShutdownDuringStartup,
    StatusErrorException,
)
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import (
    LambdaRuntimeException,
    RuntimeExecutor,
)

from stratalog_localstack.processes import MAX_LOG_CHARS, LambdaProcess

LOG = logging.getLogger(__name__)

RUNTIME = "nodejs24.x"
NODE_INIT = Path(__file__).parent / "node" / "init.cjs"
LOOPBACK = "127.0.0.1"
MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100


def _lambda_root() -> Path:
    """Where LocalStack unpacks code. A package.json here keeps look-ups of a module's type from the
    project in which the folder lies."""
    root = Path(tempfile.gettempdir()) / "lambda"
    root.mkdir(parents=True, exist_ok=True)
    fence = root / "package.json"
    if not fence.exists():
        fence.write_text("{}\n")
    return root


class ProcessExecutor(RuntimeExecutor):
    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id=id, function_version=function_version)
        self.folder = _lambda_root() / "env" / self.id
        self.process: LambdaProcess | None = None
        self.env: dict[str, str] = {}
        self.init_ms: float | None = None
        self.logs = ""
        self._stopped = False

    def start(self, env_vars: dict[str, str]) -> None:
        settings = self.function_version.config
        if str(settings.runtime) != RUNTIME:
            raise LambdaRuntimeException(f"Functions run on {RUNTIME} here, not on '{settings.runtime}'")
        tmp = self.folder / "tmp"
        tmp.mkdir(parents=True, exist_ok=True)
        code = str(settings.code.get_unzipped_code_location())
        base = {
            "PATH": os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin"),
            "LANG": "en_US.UTF-8",
            "HOME": str(tmp),
            # /tmp itself is the machine's; os.tmpdir() is the environment's own.
            "TMPDIR": str(tmp),
            "LAMBDA_TASK_ROOT": code,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{RUNTIME}",
            "STRATALOG_LAMBDA_SDK": os.environ["STRATALOG_LAMBDA_SDK"],
        }
        given = {name: str(value) for name, value in env_vars.items()}
        chosen = settings.environment or {}
        self.env = {**given, **{name: value for name, value in base.items() if name not in chosen}}
        self._spawn()

    def _spawn(self) -> None:
        memory = int(self.function_version.config.memory_size or 128)
        command = [
            os.environ["STRATALOG_LAMBDA_NODE"],
            f"--max-old-space-size={max(memory * 90 // 100, 64)}",
            f"--max-semi-space-size={max(memory * 5 // 100, 1)}",
            str(NODE_INIT),
        ]
        started = time.perf_counter()
        self.process = LambdaProcess(command, self.env, self.env["LAMBDA_TASK_ROOT"])
        if self._stopped:
            self.process.kill()
        try:
            self.process.ready.result()
        except CancelledError as e:
            raise ShutdownDuringStartup("Environment stopped during startup") from e
        except StatusErrorException:
            log = self.process.take_log()
            self.logs += log
            LOG.warning("%s failed to start:\n%s", self.function_version.id.function_name, log)
            raise
        self.init_ms = (time.perf_counter() - started) * 1000

    def stop(self) -> None:
        self._stopped = True
        if self.process:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        request_id = payload["invoke-id"]
        log = f"START RequestId: {request_id} Version: {self.function_version.id.qualifier}\n"
        if not self.process.alive():
            self.process.kill()
            try:
                self._spawn()
            except StatusErrorException as e:
                return InvocationResult(request_id, e.payload, is_error=True, logs=log)
        started = time.perf_counter()
        is_error, body, memory, logged = self._run(request_id, payload)
        duration = (time.perf_counter() - started) * 1000
        log += logged if logged.endswith("\n") or not logged else logged + "\n"
        log += self._report(request_id, duration, memory)
        self.logs = (self.logs + log)[-MAX_LOG_CHARS:]
        return InvocationResult(request_id, body.encode(), is_error=is_error, logs=log)

    def _run(self, request_id: str, payload: dict[str, str]) -> tuple[bool, str, int, str]:
        """Whether it is an error, the body, the memory in MB, the log."""
        process = self.process
        timeout = int(self.function_version.config.timeout or 3)
        future = process.send(
            {
                "id": request_id,
                "payload": payload["payload"] or "{}",
                "arn": payload["invoked-function-arn"],
                "deadline": int((time.time() + timeout) * 1000),
            }
        )
        try:
            is_error, body = future.result(timeout=timeout)
        except TimeoutError:
            memory = process.memory_mb()
            process.kill()
            said = f"Task timed out after {timeout}.00 seconds"
            stamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
            log = process.take_log() + f"{stamp} {request_id} {said}\n"
            return True, _error("Sandbox.Timedout", f"RequestId: {request_id} Error: {said}"), memory, log
        log = process.take_log(mark=request_id)
        if len(body.encode()) > MAX_RESPONSE_BYTES and not is_error:
            said = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
            is_error, body = True, _error("Function.ResponseSizeTooLarge", said)
        return is_error, body, process.memory_mb(), log

    def _report(self, request_id: str, duration: float, memory: int) -> str:
        parts = [
            f"REPORT RequestId: {request_id}",
            f"Duration: {duration:.2f} ms",
            f"Billed Duration: {int(-(-duration // 1))} ms",
            f"Memory Size: {self.function_version.config.memory_size} MB",
            f"Max Memory Used: {memory} MB",
        ]
        init_ms, self.init_ms = self.init_ms, None
        if init_ms is not None:
            parts.append(f"Init Duration: {init_ms:.2f} ms")
        return f"END RequestId: {request_id}\n" + "\t".join(parts) + "\n"

    def get_logs(self) -> str:
        return self.logs + (self.process.take_log() if self.process else "")

    def get_address(self) -> str:
        return LOOPBACK

    def get_endpoint_from_executor(self) -> str:
        return config.HOSTNAME_FROM_LAMBDA or LOOPBACK

    def get_runtime_endpoint(self) -> str:
        """Asked for, and used by nobody: the process talks through pipes."""
        return f"http://{self.get_endpoint_from_executor()}:{config.GATEWAY_LISTEN[0].port}"

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        if not function_version.config.code:
            raise LambdaRuntimeException("Only functions deployed as zip archives can be run")
        if function_version.config.layers:
            raise LambdaRuntimeException("Layers are not supported: bundle what the function needs")
        _lambda_root()
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        pass

    @classmethod
    def validate_environment(cls) -> bool:
        return True


def _error(kind: str, message: str) -> str:
    return json.dumps({"errorType": kind, "errorMessage": message})
