from collections import defaultdict
from typing import List

from promptflow.core import log_metric, tool


@tool
def aggregate(matches: List[dict]) -> dict:
    """Log the share of messages routed right, and the recall of the queue that fares worst."""
    queues = defaultdict(list)
    for match in matches:
        queues[match["expected_queue"]].append(match["correct"])
    metrics = {
        "routing_accuracy": sum(match["correct"] for match in matches) / len(matches),
        "lowest_recall": min(sum(found) / len(found) for found in queues.values()),
    }
    for name, value in metrics.items():
        log_metric(name, round(value, 4))
    return metrics
