import os
import shutil
import subprocess
from pathlib import Path


class CommandFailed(Exception):
    """The command said no; the message is what it said."""

    def __init__(self, code: int, message: str):
        super().__init__(message)
        self.code = code


def find_root(start: Path) -> Path:
    """The repository that a folder is in: the nearest one above with Pulumi.yaml and flows/."""
    for folder in [start, *start.parents]:
        if (folder / "Pulumi.yaml").is_file() and (folder / "flows").is_dir():
            return folder
    raise FileNotFoundError(
        f"{start} is in no repository with Pulumi.yaml and flows/; give root= to Experiment.load"
    )


def genaiops(root: Path, *args: str) -> str:
    """
    Run the command on a repository and answer what it printed. `GENAIOPS_COMMAND` names its file; by default it is
    what npm put into the repository, else `genaiops` on the path.
    """
    try:
        result = subprocess.run(
            [*find_command(root), *args, "--cwd", str(root)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    except FileNotFoundError as error:
        raise CommandFailed(127, f"{error.filename} is not on the path; install Node 20") from None
    if result.returncode != 0:
        raise CommandFailed(result.returncode, result.stderr.strip() or result.stdout.strip())
    return result.stdout


def find_command(root: Path) -> list[str]:
    own = os.environ.get("GENAIOPS_COMMAND")
    file = Path(own) if own else root / "packages/cli/bin/genaiops.js"
    if file.is_file():
        return ["node", str(file)]
    found = shutil.which("genaiops")
    if found is None:
        raise CommandFailed(127, f"{file} is not there; run npm ci in {root}")
    return [found]
