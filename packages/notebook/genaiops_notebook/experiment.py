import json
from pathlib import Path

import pandas as pd

from .command import find_root, genaiops


class Experiment:
    """One flow's experiment as one environment sees it, and what was run and measured of it."""

    def __init__(self, root: Path, description: dict):
        self.root = root
        self.flow = description["flow"]
        self.env = description["environment"]
        self.description = description

    @classmethod
    def load(cls, flow: str, env: str, root: str | Path | None = None) -> "Experiment":
        """
        Read and check an experiment.

        flow: folder under flows/. env: environment whose overlay applies. root: the repository; by default the
        one that the working folder is in. Raises CommandFailed with every problem of its files.
        """
        place = Path(root).resolve() if root is not None else find_root(Path.cwd())
        text = genaiops(place, "validate", flow, "--env", env, "--format", "json")
        return cls(place, json.loads(text))

    @property
    def datasets(self) -> pd.DataFrame:
        """The datasets: name, source, description."""
        columns = ["name", "source", "description"]
        return pd.DataFrame(self.description["datasets"]).reindex(columns=columns)

    @property
    def configurations(self) -> list[str]:
        """What can be run: `default`, then each variant and each point of the grid."""
        return list(dict.fromkeys(run["configuration"] for run in self.description["runs"]))

    def run(self, *configurations: str) -> pd.DataFrame:
        """
        Run configurations over every dataset, by default all of them. Lines that were run before and have not
        changed are not run again. Answers `runs()`.
        """
        only = ["--only", *configurations] if configurations else []
        genaiops(self.root, "run", self.flow, "--env", self.env, *only)
        return self.runs()

    def evaluate(self) -> pd.DataFrame:
        """Run every evaluator over what was run. Answers `metrics()`."""
        genaiops(self.root, "evaluate", self.flow, "--env", self.env)
        return self.metrics()

    def report(self) -> Path:
        """Write the report; answers the file of its page."""
        printed = genaiops(self.root, "report", self.flow, "--env", self.env)
        return Path(printed.splitlines()[0])

    def runs(self) -> pd.DataFrame:
        """What was run: one row for each dataset and configuration."""
        columns = ["dataset", "configuration", "baseline", "lines", "failed"]
        return pd.DataFrame(self._index("runs"), columns=["name", *columns]).set_index("name")

    def metrics(self) -> pd.DataFrame:
        """What the evaluators found: a row for each dataset and configuration, a column for each metric."""
        runs = {run["name"]: run for run in self._index("runs")}
        found = [
            {
                "dataset": runs[entry["run"]]["dataset"],
                "configuration": runs[entry["run"]]["configuration"],
                "metric": f"{entry['evaluator']}.{metric}",
                "value": value,
            }
            for entry in self._index("evaluations")
            if entry["run"] in runs and entry["runKey"] == runs[entry["run"]]["key"]
            for metric, value in entry["metrics"].items()
        ]
        table = pd.DataFrame(found, columns=["dataset", "configuration", "metric", "value"])
        return table.pivot(index=["dataset", "configuration"], columns="metric", values="value")

    def lines(self, configuration: str = "default", dataset: str | None = None) -> pd.DataFrame:
        """
        The lines of one run: inputs, outputs, error, seconds and tokens, by the line of the dataset.

        dataset: its name; may be left out where the experiment has one.
        """
        found = [
            run
            for run in self._index("runs")
            if run["configuration"] == configuration and dataset in (None, run["dataset"])
        ]
        if len(found) != 1:
            known = ", ".join(f"{run['configuration']} on {run['dataset']}" for run in self._index("runs"))
            raise KeyError(f"{len(found)} runs are {configuration!r} on {dataset!r}; there are: {known or 'none'}")
        return pd.read_csv(self._results / found[0]["csv"], index_col="line")

    @property
    def _results(self) -> Path:
        return self.root / ".genaiops" / "results" / self.flow / self.env

    def _index(self, name: str) -> list[dict]:
        file = self._results / f"{name}.json"
        return json.loads(file.read_text(encoding="utf-8"))[name] if file.is_file() else []
