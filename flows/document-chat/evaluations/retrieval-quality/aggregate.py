from typing import List

from promptflow.core import log_metric, tool


@tool
def aggregate(lines: List[dict]) -> dict:
    """Log the share of questions whose section was found, and the mean share of an answer's words found there."""
    metrics = {
        "section_found": sum(line["found"] for line in lines) / len(lines),
        "groundedness": sum(line["grounded"] for line in lines) / len(lines),
    }
    for name, value in metrics.items():
        log_metric(name, round(value, 4))
    return metrics
