"""
Experiments in a notebook. Nothing of an experiment is known here: the `genaiops` command runs and measures, and what
it leaves is read.

    from genaiops_notebook import Experiment

    experiment = Experiment.load("web-classification", env="pr")
    experiment.run("classify_page.variant_1")
    experiment.evaluate()
    experiment.metrics()
"""

from .command import CommandFailed
from .experiment import Experiment

__all__ = ["CommandFailed", "Experiment"]
