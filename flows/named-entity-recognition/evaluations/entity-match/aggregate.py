from typing import List

from promptflow.core import log_metric, tool


@tool
def aggregate(matches: List[dict]) -> dict:
    """Log precision, recall and F1 over all entities, and the share of lines without any mistake."""
    found, missed, wrong = (sum(m[key] for m in matches) for key in ("found", "missed", "wrong"))
    metrics = {
        "precision": found / max(1, found + wrong),
        "recall": found / max(1, found + missed),
        "f1": 2 * found / max(1, 2 * found + missed + wrong),
        "exact_lines": sum(m["exact"] for m in matches) / len(matches),
    }
    for name, value in metrics.items():
        log_metric(name, round(value, 4))
    return metrics
