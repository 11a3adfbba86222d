"""The flow that a container serves: found in the mounted model, copied, with the arm's variant as default."""

import shutil
from pathlib import Path
from typing import Optional

from ruamel.yaml import YAML

DAG_FILES = ("flow.dag.yaml", "flow.dag.yml")
FLOW_FILES = (*DAG_FILES, "flow.flex.yaml", "flow.flex.yml")


class ServingError(Exception):
    """Something that whoever deploys the container can mend; shown without a stack trace."""


def find_flow(root: Path) -> Path:
    """The flow file nearest to `root`; evaluating flows lie deeper in the same model."""
    found = [file for name in FLOW_FILES for file in root.rglob(name)]
    if not found:
        raise ServingError(
            f"no {', '.join(FLOW_FILES)} below {root}: mount the model there or copy the flow to /flow"
        )
    return min(found, key=lambda file: (len(file.parts), str(file)))


def copy_with_variant(flow_file: Path, variant: Optional[str], target: Path) -> Path:
    """
    Copy the flow's folder, since the mounted model is read-only, and make `<node>.<variant>` the default of
    its node. Other nodes keep theirs.
    """
    shutil.copytree(flow_file.parent, target, dirs_exist_ok=True)
    copied = target / flow_file.name
    if variant:
        choose(copied, variant)
    return copied


def choose(flow_file: Path, variant: str) -> None:
    if flow_file.name not in DAG_FILES:
        raise ServingError(
            f"GENAIOPS_VARIANT is {variant!r}, but {flow_file.name} has no variants: remove it from the arm"
        )
    yaml = YAML()
    dag = yaml.load(flow_file)
    nodes = dag.get("node_variants") or {}
    allowed = [f"{node}.{name}" for node in nodes for name in nodes[node]["variants"]]
    if variant not in allowed:
        raise ServingError(
            f"GENAIOPS_VARIANT is {variant!r}; {flow_file.name} has {', '.join(allowed) or 'no variants'}"
        )
    node, name = variant.split(".")
    nodes[node]["default_variant_id"] = name
    yaml.dump(dag, flow_file)
