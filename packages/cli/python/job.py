"""
Runs the chunks of one run as a job of Azure Machine Learning, with the same worker that runs them on a desk. The
inputs of the job are only read. A chunk counts as finished once `done.json` lies in its folder of the results.

Connections are those of the workspace: with Entra tokens of the job's identity, or with a key that this identity
reads from the workspace. Neither stands in the job.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

# What prompt flow needs to be quiet and to count tokens, as on a desk.
SETTINGS = {
    "PF_DISABLE_TRACING": "false",
    "PF_LOGGING_LEVEL": "WARNING",
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "true",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUTF8": "1",
}


class Failed(Exception):
    """Why the run stopped, in the words of the worker."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


class Worker:
    def __init__(self, home, connections, secrets, line_seconds):
        (home / "promptflow").mkdir()
        (home / "promptflow" / "pf.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
        self.line_seconds = line_seconds
        self.late = False
        self.process = subprocess.Popen(
            [sys.executable, "-u", str(Path(__file__).parent / "worker.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, **SETTINGS, "PF_HOME_DIRECTORY": str(home / "promptflow")},
        )
        self.send({"connections": connections, "secrets": secrets})

    def send(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def run(self, request):
        self.send({**request, "id": 1})
        while True:
            event = self.hear()
            if event["event"] == "failed":
                raise Failed(event["kind"], event["message"])
            if event["event"] == "done":
                return

    def hear(self):
        watch = threading.Timer(self.line_seconds, self.give_up)
        watch.start()
        line = self.process.stdout.readline()
        watch.cancel()
        if self.late:
            raise Failed("flow", f"no line was finished within {self.line_seconds} s")
        if not line:
            raise Failed("crash", f"the Python process ended with {self.process.wait()}; the job's log says why")
        return json.loads(line)

    def give_up(self):
        self.late = True
        self.process.kill()


def connections_of(plan):
    """The connections as the worker takes them, and the texts that it must not show."""
    given, secrets = {}, []
    for connection in plan["connections"]:
        fields = dict(connection)
        name, authentication = fields.pop("name"), fields.pop("authentication")
        base = "base_url" if "base_url" in fields else "api_base"
        if base in fields:
            fields[base] = reachable(fields[base])
        if authentication == "key":
            fields["api_key"] = key_of(plan["workspace"], name)
            secrets.append(fields["api_key"])
        else:
            fields["auth_mode"] = "meid_token"
        given[name] = fields
    return given, secrets


def reachable(address):
    """GENAIOPS_MODEL_ENDPOINT, `https://{host}` by default, says where hosts of models are."""
    parts = urlsplit(address)
    place = os.environ.get("GENAIOPS_MODEL_ENDPOINT", "https://{host}").replace("{host}", parts.netloc)
    return place + parts.path


def key_of(workspace, connection):
    from azure.identity import DefaultAzureCredential

    manager = os.environ.get("GENAIOPS_RESOURCE_MANAGER", "https://management.azure.com")
    token = DefaultAzureCredential().get_token(f"{manager}/.default").token
    request = urllib.request.Request(
        f"{manager}{workspace}/connections/{connection}/listsecrets?api-version=2025-12-01",
        data=b"{}",
        headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["properties"]["credentials"]["key"]
    except urllib.error.HTTPError as error:
        raise Failed("connection", f"the key of {connection} cannot be read: {error.code} {error.reason}") from None


def keep(chunk, results):
    """Copy a finished chunk, and say last that it is whole."""
    results.mkdir(parents=True, exist_ok=True)
    done = results / "done.json"
    done.unlink(missing_ok=True)
    files = {}
    for file in sorted(path for path in chunk.iterdir() if path.is_file()):
        content = file.read_bytes()
        (results / file.name).write_bytes(content)
        files[file.name] = hashlib.sha256(content).hexdigest()
    lines = [json.loads(line) for line in (chunk / "lines.jsonl").read_text(encoding="utf-8").splitlines()]
    failed = sum(line["status"] == "failed" for line in lines)
    done.write_text(json.dumps({"lines": len(lines), "failed": failed, "files": files}), encoding="utf-8")
    return len(lines), failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("plan", "flow", "data", "results"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    plan = json.loads(given.plan.read_text(encoding="utf-8"))
    home = Path(tempfile.mkdtemp(prefix="experiment-"))
    # Prompt flow writes beside a flow, and the job's inputs are read-only.
    flow = shutil.copytree(given.flow, home / "flow")
    try:
        worker = Worker(home, *connections_of(plan), plan["lineSeconds"])
        for number, task in enumerate(plan["chunks"], 1):
            out = home / task["chunk"]
            out.mkdir()
            data = given.data / f"{task['chunk']}.jsonl"
            worker.run({**task["request"], "flow": str(flow), "inputs": {"data": str(data)}, "out": str(out)})
            lines, failed = keep(out, given.results / task["chunk"])
            print(f"{number} of {len(plan['chunks'])} chunks: {lines} lines, {failed} failed", flush=True)
        worker.process.stdin.close()
        worker.process.wait()
    except Failed as failure:
        reason = {"attempt": plan["attempt"], "kind": failure.kind, "message": str(failure)}
        given.results.mkdir(parents=True, exist_ok=True)
        (given.results / "failure.json").write_text(json.dumps(reason), encoding="utf-8")
        sys.exit(f"{failure.kind}: {failure}")


if __name__ == "__main__":
    main()
