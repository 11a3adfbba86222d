from promptflow.core import tool


@tool
def match(queue: str, expected_queue: str) -> dict:
    """Whether the message went where it belongs."""
    return {"expected_queue": expected_queue, "correct": queue == expected_queue}
