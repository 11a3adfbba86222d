"""Serve prompt flow's /score, /health and /feedback for the flow of the mounted model.

AZUREML_MODEL_DIR      folder with the model; by default /flow, where an image of its own holds the flow
GENAIOPS_MODEL_URI     where nothing mounts the model, its address; its files are then fetched
GENAIOPS_MODEL_STORE   URL of the blob container that the address leads to
AZURE_CLIENT_ID        the identity that fetches them
GENAIOPS_VARIANT       <node>.<variant> to serve; by default the default variant of each node
<connection>           a connection of the flow as JSON; by default all come from the workspace
PRT_CONFIG_OVERRIDE    the workspace
PROMPTFLOW_WORKER_NUM  processes; by default 1
HOST                   by default 0.0.0.0
PORT                   by default 8080
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Mapping

import uvicorn
from promptflow.core._serving.utils import encode_dict
from promptflow.core._utils import init_executable

from connections import connections_in
from flow_copy import ServingError, copy_with_variant, find_flow

WORKSPACE = ("PRT_CONFIG_OVERRIDE", "AML_DEPLOYMENT_RESOURCE_ID", "PROMPTFLOW_CONNECTION_PROVIDER")


def prepare(environment: "os._Environ[str]", target: Path) -> None:
    """Make the flow ready and tell prompt flow, through its environment, where it is and what it calls."""
    root = model_folder(environment, target.with_name("model"))
    flow_file = copy_with_variant(find_flow(root), environment.get("GENAIOPS_VARIANT"), target)
    # Tools import modules that lie beside them.
    environment["PROMPTFLOW_PROJECT_PATH"] = str(target)
    os.chdir(target)
    names = init_executable(flow_path=flow_file, working_dir=target).get_connection_names()
    given = connections_in(environment, names)
    missing = sorted(names - given.keys())
    if missing and given:
        raise ServingError(
            f"the environment holds {', '.join(sorted(given))} but not {', '.join(missing)}: hand over all "
            "connections or leave all of them to the workspace"
        )
    if missing and not any(name in environment for name in WORKSPACE):
        raise ServingError(
            f"the flow needs the connections {', '.join(missing)}: set {WORKSPACE[0]} to the workspace that "
            "has them, or one environment variable for each"
        )
    for name in given:
        # Prompt flow would read this variable too, in another format.
        del environment[name]
    if given or not names:
        environment["PROMPTFLOW_ENCODED_CONNECTIONS"] = encode_dict(given)


def model_folder(environment: Mapping[str, str], fetched: Path) -> Path:
    """Folder with the model. Where an address is given, the files come first into `fetched`."""
    uri = environment.get("GENAIOPS_MODEL_URI")
    if not uri:
        return Path(environment.get("AZUREML_MODEL_DIR", "/flow"))
    missing = [name for name in ("GENAIOPS_MODEL_STORE", "AZURE_CLIENT_ID") if not environment.get(name)]
    if missing:
        raise ServingError(f"GENAIOPS_MODEL_URI is set without {' and '.join(missing)}: set both beside it")
    # A mounted model needs no Azure Storage, and a desk has no package for it.
    from model_files import fetch_model

    return fetch_model(uri, environment["GENAIOPS_MODEL_STORE"], environment["AZURE_CLIENT_ID"], fetched)


def main() -> None:
    try:
        prepare(os.environ, Path(tempfile.mkdtemp(prefix="flow-")) / "served")
    except ServingError as error:
        sys.exit(f"error: {error}")
    uvicorn.run(
        "application:create",
        factory=True,
        app_dir=str(Path(__file__).parent),
        host=os.environ.get("HOST", "0.0.0.0"),
        port=int(os.environ.get("PORT", "8080")),
        workers=int(os.environ.get("PROMPTFLOW_WORKER_NUM", "1")),
    )


if __name__ == "__main__":
    main()
