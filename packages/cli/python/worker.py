"""
Executes chunks of datasets with prompt flow's own batch engine: one JSON request per line on the standard input,
one JSON event per line on the standard output. A worker serves one flow folder, because Python keeps the modules
that it has loaded. Connections arrive in the first request and stay in memory.
"""

import json
import os
import re
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

# Whatever a flow prints must not end up between the events.
EVENTS = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
os.dup2(2, 1)

import psutil  # noqa: E402
from promptflow import entities  # noqa: E402
from promptflow._sdk._orchestrator.utils import SubmitterHelper, flow_overwrite_context  # noqa: E402
from promptflow.batch import BatchEngine  # noqa: E402
from promptflow.client import load_flow  # noqa: E402
from promptflow.contracts.run_info import Status  # noqa: E402
from promptflow.storage import AbstractRunStorage  # noqa: E402

# Errors that every further line would meet again, and pay for nothing.
HOPELESS = re.compile(
    r"AuthenticationError|PermissionDeniedError|DeploymentNotFound|APIConnectionError|"
    r"insufficient_quota|ConnectionNotFound"
)


class MissingConnection(Exception):
    pass


class Connections:
    """What prompt flow asks for connections, answered from memory instead of its database."""

    def __init__(self, given):
        self.given = given

    def get(self, name, with_secrets=False, **_):
        if name not in self.given:
            raise MissingConnection(name)
        value = dict(self.given[name])
        kind = getattr(entities, value.pop("connection_type"))
        return kind(name=name, **value)


class Lines(AbstractRunStorage):
    """Keeps what prompt flow says of each line, and says that one more is done."""

    def __init__(self, on_line):
        self.records = {}
        self.on_line = on_line

    def persist_node_run(self, run_info):
        pass

    def persist_flow_run(self, run_info):
        # Prompt flow hands a line over when it starts and, once or twice, when it has ended.
        if not Status.is_terminated(run_info.status) or run_info.index is None:
            return
        first = run_info.index not in self.records
        self.records[run_info.index] = run_info
        if first:
            self.on_line(run_info)


class Worker:
    def __init__(self):
        self.connections = Connections({})
        self.secrets = []

    def connect(self, request):
        self.connections = Connections(request["connections"])
        self.secrets = [secret for secret in request["secrets"] if secret]

    def run(self, request):
        before = dict(os.environ)
        try:
            self.execute(request)
        finally:
            os.environ.clear()
            os.environ.update(before)

    def execute(self, request):
        client = SimpleNamespace(connections=self.connections)
        node, variant = request.get("variant") or (None, None)
        init = request.get("init") or None
        with flow_overwrite_context(
            load_flow(request["flow"]), node, variant, overrides=request.get("nodes"), init_kwargs=init
        ) as flow:
            os.chdir(flow.code)
            overrides = dict(request.get("environment") or {})
            connections = SubmitterHelper.resolve_connections(
                flow=flow,
                client=client,
                environment_variables_overrides=overrides,
                connections_to_add=list(self.connections.given),
            )
            environment = SubmitterHelper.load_and_resolve_environment_variables(flow, overrides, client)
            SubmitterHelper.init_env(environment)
            self.batch(request, flow, connections, init)

    def batch(self, request, flow, connections, init):
        hopeless = []

        def on_line(info):
            error = json.dumps(info.error, default=str) if info.error else ""
            if HOPELESS.search(error):
                hopeless.append(message_of(info.error))
                engine.cancel()
            say(event="line", id=request["id"], failed=bool(error))

        lines = Lines(on_line)
        engine = BatchEngine(
            flow.path,
            flow.code,
            connections=connections,
            entry=getattr(flow, "entry", None),
            storage=lines,
            init_kwargs=init,
            worker_count=request["concurrency"],
            batch_use_async=True,
        )
        out = Path(request["out"])
        result = engine.run(request["inputs"], request["mapping"], out, run_id=request["run"])
        if hopeless:
            say(event="failed", id=request["id"], kind="connection", message=self.redact(hopeless[0]))
            return
        aggregation = result.error_summary.aggr_error_dict
        if aggregation:
            name, error = next(iter(aggregation.items()))
            text = f"the aggregating node {name} failed: {message_of(error)}"
            say(event="failed", id=request["id"], kind="flow", message=self.redact(text))
            return
        with open(out / "lines.jsonl", "w", encoding="utf-8", newline="\n") as file:
            for index in sorted(lines.records):
                file.write(json.dumps(self.record(lines.records[index]), ensure_ascii=False, default=str) + "\n")
        (out / "metrics.json").write_text(json.dumps(result.metrics), encoding="utf-8")
        say(event="done", id=request["id"])

    def record(self, info):
        metrics = info.system_metrics or {}
        inputs = {key: value for key, value in (info.inputs or {}).items() if key != "line_number"}
        completed = info.status == Status.Completed
        output = info.output if completed else None
        if output is not None and not isinstance(output, dict):
            output = {"output": output}
        return {
            "line": info.index,
            "status": "completed" if completed else "failed",
            "inputs": inputs,
            "outputs": {key: value for key, value in (output or {}).items() if key != "line_number"},
            "error": self.redact(message_of(info.error)) if info.error else None,
            "seconds": (info.end_time - info.start_time).total_seconds(),
            "promptTokens": metrics.get("prompt_tokens", 0),
            "completionTokens": metrics.get("completion_tokens", 0),
        }

    def redact(self, text):
        for secret in self.secrets:
            text = text.replace(secret, "[secret]")
        return text


def message_of(error):
    """The innermost message: the outer ones only say that a line failed."""
    if not isinstance(error, dict):
        return str(error)
    inner = error.get("innerError") or {}
    message = error.get("message") or inner.get("message") or json.dumps(error, default=str)
    return message.strip()


def say(**event):
    EVENTS.write(json.dumps(event) + "\n")


def innermost(error):
    while error.__cause__ is not None and not isinstance(error, MissingConnection):
        error = error.__cause__
    return error


def end_with_parent(requests):
    """When the command is gone nobody waits for an answer any more: stop paying at once."""
    for line in sys.stdin:
        requests.append(json.loads(line))
        ARRIVED.release()
    for child in psutil.Process().children(recursive=True):
        child.kill()
    os._exit(0)


ARRIVED = threading.Semaphore(0)


def main():
    requests = []
    threading.Thread(target=end_with_parent, args=(requests,), daemon=True).start()
    worker = Worker()
    say(event="ready")
    while True:
        ARRIVED.acquire()
        request = requests.pop(0)
        try:
            worker.connect(request) if "connections" in request else worker.run(request)
        except Exception as error:
            cause = innermost(error)
            if isinstance(cause, MissingConnection):
                say(event="failed", id=request["id"], kind="missing-connection", message=str(cause))
            else:
                text = worker.redact(f"{type(cause).__name__}: {cause}")
                say(event="failed", id=request.get("id"), kind="flow", message=text)


if __name__ == "__main__":
    main()
