"""Runs a command on a terminal of its own: terminal.py COLUMNS ROWS COMMAND...

What it draws comes out. Each line that goes in is JSON: {"keys": "q"}, {"size": [40, 12]}, {"signal": "SIGTERM"}.
At the end stderr says whether the terminal takes lines again, and shows what is typed.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios


def set_size(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def do(terminal, process, told):
    if "keys" in told:
        os.write(terminal, told["keys"].encode())
    if "size" in told:
        set_size(terminal, *told["size"])
    if "signal" in told:
        os.kill(process, getattr(signal, told["signal"]))


def drawn(terminal):
    """Nothing: whoever drew is gone."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def main():
    columns, rows, *command = sys.argv[1:]
    process, terminal = pty.fork()
    if process == 0:
        set_size(0, int(columns), int(rows))
        os.execvp(command[0], command)
    typed = b""
    inputs = [terminal, 0]
    while True:
        ready, _, _ = select.select(inputs, [], [])
        if terminal in ready:
            output = drawn(terminal)
            if output == b"":
                break
            os.write(1, output)
        if 0 in ready:
            chunk = os.read(0, 65536)
            if chunk == b"":
                inputs.remove(0)
            *lines, typed = (typed + chunk).split(b"\n")
            for line in lines:
                do(terminal, process, json.loads(line))
    modes = termios.tcgetattr(terminal)[3]
    _, status = os.waitpid(process, 0)
    print(json.dumps({"lines": bool(modes & termios.ICANON), "echo": bool(modes & termios.ECHO)}), file=sys.stderr)
    sys.exit(os.waitstatus_to_exitcode(status))


main()
