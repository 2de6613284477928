"""One process of one Lambda environment.

The process runs node/init.cjs, which loads the handler and then takes one invocation at a time. The
two talk through a pair of pipes, one JSON object to a line:

    to the process:    {"id", "payload", "arn", "deadline"}
    from the process:  {"type": "ready"} | {"type": "init_error", "error"}
                       {"type": "result", "id", "body"} | {"type": "error", "id", "body"}

Its standard output and error are a third pipe, whose lines become the log of the invocation. A mark in
it says where an invocation's log ends, as the pipes are read side by side.
"""

import json
import logging
import os
import signal
import subprocess
import threading
from concurrent.futures import CancelledError, Future, InvalidStateError

from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException

LOG = logging.getLogger(__name__)

LOG_MARK = "\x00stratalog-end "
MAX_LOG_CHARS = 4 * 1024 * 1024


class LambdaProcess:
    def __init__(self, command: list[str], env: dict[str, str], cwd: str):
        self.ready: Future[bool] = Future()
        self.result: Future[tuple[bool, str]] | None = None
        self.invoke_id: str | None = None
        self._log: list[str] = []
        self._log_chars = 0
        self._log_closed = False
        self._marks: set[str] = set()
        self._log_changed = threading.Condition()
        self._start(command, env, cwd)
        threading.Thread(target=self._read_log, name="lambda-log", daemon=True).start()
        threading.Thread(target=self._read_messages, name="lambda-io", daemon=True).start()

    def _start(self, command: list[str], env: dict[str, str], cwd: str) -> None:
        to_child, commands = os.pipe()
        messages, from_child = os.pipe()
        pipes = {"STRATALOG_FD_IN": str(to_child), "STRATALOG_FD_OUT": str(from_child)}
        try:
            self.popen = subprocess.Popen(
                command,
                env={**env, **pipes},
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(to_child, from_child),
                start_new_session=True,
            )
        except Exception:
            os.close(commands)
            os.close(messages)
            raise
        finally:
            os.close(to_child)
            os.close(from_child)
        self._commands = os.fdopen(commands, "wb", buffering=0)
        self._messages = os.fdopen(messages, "rb")

    def alive(self) -> bool:
        return self.popen.poll() is None

    def send(self, message: dict) -> Future:
        """The future holds whether it is an error, and the body."""
        self.invoke_id = message["id"]
        self.result = Future()
        data = memoryview((json.dumps(message) + "\n").encode())
        try:
            while data:
                data = data[self._commands.write(data) :]
        except OSError:
            pass  # the process is gone: whoever reads its messages settles the future
        return self.result

    def take_log(self, mark: str | None = None) -> str:
        """What was logged since; with a mark, up to the end of that invocation."""
        with self._log_changed:
            if mark:
                self._log_changed.wait_for(lambda: mark in self._marks or self._log_closed, timeout=1)
                self._marks.discard(mark)
            text = "".join(self._log)
            self._log = []
            self._log_chars = 0
        return text

    def memory_mb(self) -> int:
        """The most it has used; 0 where the system does not tell."""
        try:
            with open(f"/proc/{self.popen.pid}/status") as status:
                for line in status:
                    if line.startswith("VmHWM:"):
                        return int(line.split()[1]) // 1024
        except OSError:
            pass
        return 0

    def kill(self) -> None:
        try:
            os.killpg(self.popen.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        _settle(self.ready, error=CancelledError())
        try:
            self._commands.close()
        except OSError:
            pass
        self.popen.wait()

    def _read_log(self) -> None:
        for raw in self.popen.stdout:
            line = raw.decode("utf-8", errors="replace")
            with self._log_changed:
                while LOG_MARK in line:
                    before, _, rest = line.partition(LOG_MARK)
                    mark, _, line = rest.partition("\n")
                    self._append(before + "\n" if before else "")
                    self._marks.add(mark.strip())
                self._append(line)
                self._log_changed.notify_all()
        with self._log_changed:
            self._log_closed = True
            self._log_changed.notify_all()

    def _append(self, text: str) -> None:
        if self._log_chars < MAX_LOG_CHARS:
            self._log.append(text)
            self._log_chars += len(text)

    def _read_messages(self) -> None:
        try:
            for raw in self._messages:
                message = json.loads(raw)
                kind = message.get("type")
                if kind == "ready":
                    _settle(self.ready, True)
                elif kind == "init_error":
                    _settle(self.ready, error=startup_error(message["error"]))
                elif message.get("id") == self.invoke_id:
                    _settle(self.result, (kind == "error", message["body"]))
        except (ValueError, OSError) as e:
            LOG.debug("Reading from a Lambda process ended: %s", e)
        code = self.popen.wait()
        _settle(self.ready, error=startup_error(_exit_error(code, "")))
        _settle(self.result, (True, json.dumps(_exit_error(code, self.invoke_id))))


def startup_error(error: dict) -> StatusErrorException:
    return StatusErrorException("Environment startup failed", payload=json.dumps(error).encode())


def _settle(future: Future | None, value=None, error: Exception | None = None) -> None:
    try:
        if future is not None and error:
            future.set_exception(error)
        elif future is not None:
            future.set_result(value)
    except InvalidStateError:
        pass  # settled before


def _exit_error(code: int, request_id: str | None) -> dict:
    if code == 0:
        reason = "Runtime exited without providing a reason"
    elif code < 0:
        reason = f"Runtime exited with error: signal: {signal.Signals(-code).name}"
    else:
        reason = f"Runtime exited with error: exit status {code}"
    return {"errorType": "Runtime.ExitError", "errorMessage": f"RequestId: {request_id} Error: {reason}"}
