"""The files of a model that nothing mounts: fetched from the workspace's storage account as the container's identity."""

import re
from pathlib import Path, PurePosixPath

from azure.core.exceptions import AzureError
from azure.identity import ManagedIdentityCredential
from azure.storage.blob import ContainerClient

from flow_copy import ServingError

# Models are registered in the workspace's own datastore alone, whose container GENAIOPS_MODEL_STORE names.
ADDRESS = re.compile(r"^azureml://.+/datastores/workspaceblobstore/paths/(?P<folder>.+?)/?$")


def fetch_model(uri: str, store: str, client_id: str, target: Path) -> Path:
    """
    Copy what lies at a model's address into `target`. `store` is the URL of the blob container, `client_id` the
    identity that may read it.
    """
    found = ADDRESS.match(uri)
    if not found:
        raise ServingError(
            f"GENAIOPS_MODEL_URI is {uri!r}; allowed is azureml://…/datastores/workspaceblobstore/paths/<folder>"
        )
    prefix = f"{found['folder']}/"
    credential = ManagedIdentityCredential(client_id=client_id)
    try:
        with ContainerClient.from_container_url(store, credential=credential) as container:
            names = [blob.name for blob in container.list_blobs(name_starts_with=prefix)]
            for name in names:
                copy(container, name, target / inside(name, prefix))
    except AzureError as error:
        reason = str(error.message).splitlines()[0]
        raise ServingError(
            f"the model's files at {store}/{prefix} cannot be read: {reason}; the identity {client_id} needs the role "
            "Storage Blob Data Reader there, and the container a way to it"
        ) from error
    if not names:
        raise ServingError(f"no file below {store}/{prefix}: register the version again")
    return target


def inside(name: str, prefix: str) -> PurePosixPath:
    """Where a blob's file goes; a name that leads out of the folder is refused."""
    path = PurePosixPath(name[len(prefix) :])
    if path.is_absolute() or ".." in path.parts:
        raise ServingError(f"the model has the file {name!r}, which lies outside of its folder")
    return path


def copy(container: ContainerClient, name: str, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        container.download_blob(name).readinto(out)
