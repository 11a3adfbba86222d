"""Run a notebook from start to end in a folder, and write it with its outputs."""

import sys

import nbformat
from nbclient import NotebookClient

source, folder, target = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
try:
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": folder}}).execute()
finally:
    nbformat.write(notebook, target)
