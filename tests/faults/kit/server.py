"""The fork server: the program loaded once, each job done by a fresh process of its own that may be killed.

Run as ``python -m tests.faults.kit.server FD``. A request is one line of JSON on the socket FD, with the child's end of
a socket pair beside it; the child waits for ``go``, works and answers in lines of JSON.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import socket
import sys
import traceback

from tests.faults.kit import jobs


def main(number: int) -> None:
    """Fork a child per request until the other side hangs up; tell how each one ended."""
    control = socket.socket(fileno=number)
    jobs.load()
    gc.collect()
    gc.freeze()  # else each child copies all of it, only by looking through it
    control.sendall(b'{"ready": true}\n')
    while True:
        content, ends, _, _ = socket.recv_fds(control, 65536, 1)
        if not content:
            return
        request = json.loads(content)
        if "wait" in request:
            _, status, usage = os.wait4(request["wait"], 0)
            answer = {"status": status, "seconds": usage.ru_utime + usage.ru_stime}
        else:
            child = os.fork()
            if child == 0:
                control.close()
                _work(request, socket.socket(fileno=ends[0]))
            os.close(ends[0])
            answer = {"pid": child}
        control.sendall(json.dumps(answer).encode() + b"\n")


def _work(request: dict, line: socket.socket) -> None:
    """Be the child: wait until whoever injects is attached, do the job, never return."""
    code = 70
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.environ.update(request["env"])
        if request["file_limit"]:
            resource.setrlimit(resource.RLIMIT_FSIZE, (request["file_limit"],) * 2)
        if request["user"]:
            os.setgroups([])
            os.setgid(request["user"])
            os.setuid(request["user"])
        line.recv(1)
        jobs.run(request["job"], request["args"], line)
        code = 0
    except BaseException:  # noqa: BLE001 - told to the test, which falls with it
        line.sendall(json.dumps({"bug": traceback.format_exc()}).encode() + b"\n")
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(int(sys.argv[1]))
