"""
Executes chunks of datasets with prompt flow's own batch engine: one JSON request per line on the standard input,
one JSON event per line on the standard output. A worker serves one flow folder, because Python keeps the modules
that it has loaded. Connections arrive in the first request and stay in memory.
"""

import asyncio
import json
import os
import random
import re
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

# Whatever a flow prints must not end up between the events, and prompt flow closes the standard input of processes
# that it forks, which would wait for the thread that reads it.
EVENTS = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
REQUESTS = os.fdopen(os.dup(0), "r", encoding="utf-8")
os.dup2(2, 1)
sys.stdin = open(os.devnull, encoding="utf-8")

import psutil  # noqa: E402
from promptflow import entities  # noqa: E402
from promptflow._proxy import ProxyFactory  # noqa: E402
from promptflow._sdk._orchestrator.utils import SubmitterHelper, flow_overwrite_context  # noqa: E402
from promptflow.batch import BatchEngine  # noqa: E402
from promptflow.client import load_flow  # noqa: E402
from promptflow.contracts.run_info import Status  # noqa: E402
from promptflow.executor._result import AggregationResult  # noqa: E402
from promptflow.storage import AbstractRunStorage  # noqa: E402

# Errors that every further line would meet again, and pay for nothing.
HOPELESS = re.compile(
    r"\b(AuthenticationError|PermissionDeniedError|NotFoundError|APIConnectionError)\b|"
    r"insufficient_quota|ConnectionNotFound"
)


class MissingConnection(Exception):
    pass


class AggregationFailed(Exception):
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


class Chunk(BatchEngine):
    """
    A batch whose aggregation waits until all chunks are there. Lines are kept with what the aggregation needs,
    in the order of the data: prompt flow's own asynchronous batch would hand them over as they finished.
    """

    aggregable = ()

    async def _exec_aggregation(self, batch_inputs, line_results, run_id=None):
        inputs = {line["line_number"]: line for line in batch_inputs}
        self.aggregable = [
            {
                "line": result.run_info.index,
                "inputs": inputs[result.run_info.index],
                "aggregation": result.aggregation_inputs,
                "output": result.output,
            }
            for result in sorted(line_results, key=lambda result: result.run_info.index)
            if result.run_info.status == Status.Completed
        ]
        return AggregationResult({}, {}, {})


class Worker:
    def __init__(self):
        self.connections = Connections({})
        self.secrets = []

    def connect(self, request):
        self.connections = Connections(request["connections"])
        self.secrets = [secret for secret in request["secrets"] if secret]

    def serve(self, request):
        before = dict(os.environ)
        try:
            self.open(request, self.aggregate if "chunks" in request else self.batch)
        finally:
            os.environ.clear()
            os.environ.update(before)

    def open(self, request, work):
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
            work(request, flow, connections, init)

    def batch(self, request, flow, connections, init):
        hopeless = []

        def on_line(info):
            error = json.dumps(info.error, default=str) if info.error else ""
            if HOPELESS.search(error):
                hopeless.append(message_of(info.error))
                engine.cancel()
            say(event="line", id=request["id"], failed=bool(error))

        lines = Lines(on_line)
        engine = Chunk(
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
        engine.run(request["inputs"], request["mapping"], out, run_id=request["run"])
        if hopeless:
            say(event="failed", id=request["id"], kind="connection", message=self.redact(hopeless[0]))
            return
        write_lines(out / "lines.jsonl", (self.record(lines.records[index]) for index in sorted(lines.records)))
        if engine._should_exec_aggregation():
            write_lines(out / "aggregable.jsonl", engine.aggregable)
        say(event="done", id=request["id"])

    def aggregate(self, request, flow, connections, init):
        """
        The metrics over all lines, and over resamples of them: the same ones for every run over the same dataset,
        so that differences between runs are paired.
        """
        lines = dict(self.aggregable(request["chunks"]))
        storage = Lines(lambda info: None)
        engine = BatchEngine(
            flow.path, flow.code, connections=connections, entry=getattr(flow, "entry", None), storage=storage
        )
        engine._executor_proxy = ProxyFactory().create_executor_proxy(
            flow_file=engine._flow_file,
            working_dir=engine._working_dir,
            connections=connections,
            storage=storage,
            language=engine._program_language,
            init_kwargs=init,
        )

        def metrics(chosen):
            rows = [lines[index] for index in chosen if index in lines]
            if not rows:
                return {}
            results = [
                SimpleNamespace(
                    run_info=SimpleNamespace(status=Status.Completed),
                    aggregation_inputs=row["aggregation"],
                    output=row["output"],
                )
                for row in rows
            ]
            inputs = [row["inputs"] for row in rows]
            result = asyncio.run(engine._exec_aggregation(inputs, results, request["run"]))
            for name, info in result.node_run_infos.items():
                if info.status == Status.Failed:
                    raise AggregationFailed(f"the aggregating node {name} failed: {message_of(info.error)}")
            return result.metrics

        total = request["lines"]
        draw = random.Random(request["seed"]).random
        resamples = [] if self.asks_a_model(engine) else range(request["resamples"])
        answer = {
            "metrics": metrics(range(total)),
            "resamples": [metrics([int(draw() * total) for _ in range(total)]) for _ in resamples],
        }
        (Path(request["out"]) / "metrics.json").write_text(json.dumps(answer), encoding="utf-8")
        say(event="done", id=request["id"])

    @staticmethod
    def aggregable(chunks):
        for chunk in chunks:
            file = Path(chunk["folder"]) / "aggregable.jsonl"
            if file.exists():
                with open(file, encoding="utf-8") as rows:
                    for row in map(json.loads, rows):
                        yield row["line"] + chunk["from"], row

    @staticmethod
    def asks_a_model(engine):
        """Asking again for every resample would cost more than the evaluation."""
        flow = getattr(engine, "_flow", None)
        return flow is not None and any(
            node.aggregation and (node.connection or node.type.value == "llm") for node in flow.nodes
        )

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


def write_lines(file, rows):
    with open(file, "w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def say(**event):
    EVENTS.write(json.dumps(event) + "\n")


def innermost(error):
    while error.__cause__ is not None and not isinstance(error, MissingConnection):
        error = error.__cause__
    return error


def end_with_parent(requests):
    """When the command is gone nobody waits for an answer any more: stop paying at once."""
    for line in REQUESTS:
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
            worker.connect(request) if "connections" in request else worker.serve(request)
        except Exception as error:
            cause = innermost(error)
            if isinstance(cause, MissingConnection):
                say(event="failed", id=request["id"], kind="missing-connection", message=str(cause))
            else:
                text = worker.redact(f"{type(cause).__name__}: {cause}")
                say(event="failed", id=request.get("id"), kind="flow", message=text)


if __name__ == "__main__":
    main()
