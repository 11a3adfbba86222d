"""Start prompt flow's server on the flow of the mounted model, with the variant that this arm serves."""

import os
import shutil
import sys
from pathlib import Path

from ruamel.yaml import YAML

FLOW_FILES = ("flow.dag.yaml", "flow.flex.yaml")


def find_flow(model: Path) -> Path:
    """The flow's own folder, which is the model's or one below it."""
    found = sorted(
        (file for name in FLOW_FILES for file in model.rglob(name)),
        key=lambda file: (len(file.parts), str(file)),
    )
    if not found:
        sys.exit(f"no {' or '.join(FLOW_FILES)} below {model}")
    return found[0].parent


def with_variant(flow: Path, variant: str, target: Path) -> Path:
    """A copy of the flow whose default is <node>.<variant>; the mounted model is read-only."""
    node, _, choice = variant.partition(".")
    shutil.copytree(flow, target, dirs_exist_ok=True)
    yaml = YAML()
    file = target / "flow.dag.yaml"
    dag = yaml.load(file)
    variants = dag.get("node_variants", {}).get(node, {})
    if choice not in variants.get("variants", {}):
        sys.exit(f"the flow has no variant {variant}")
    variants["default_variant_id"] = choice
    yaml.dump(dag, file)
    return target


def main() -> None:
    flow = find_flow(Path(os.environ["AZUREML_MODEL_DIR"]))
    variant = os.environ.get("GENAIOPS_VARIANT")
    if variant:
        flow = with_variant(flow, variant, Path.home() / "served")
    os.environ["PROMPTFLOW_PROJECT_PATH"] = str(flow)
    app = "promptflow.core._serving.app:create_app(engine='fastapi', extension_type='azureml')"
    workers = os.environ.get("PROMPTFLOW_WORKER_NUM", "1")
    options = ["--workers", workers, "--timeout", "300", "--bind", "0.0.0.0:8080"]
    worker = ["--worker-class", "uvicorn.workers.UvicornWorker"]
    os.execvp("gunicorn", ["gunicorn", app, *worker, *options])


if __name__ == "__main__":
    main()
