from typing import List

from promptflow.core import log_metric, tool


@tool
def aggregate(checks: List[dict]) -> dict:
    """Log the mean share of facts stated, the share of complete answers, and their mean length."""
    metrics = {
        "fact_coverage": sum(c["coverage"] for c in checks) / len(checks),
        "complete_answers": sum(c["complete"] for c in checks) / len(checks),
        "answer_words": sum(c["words"] for c in checks) / len(checks),
    }
    for name, value in metrics.items():
        log_metric(name, round(value, 4))
    return metrics
