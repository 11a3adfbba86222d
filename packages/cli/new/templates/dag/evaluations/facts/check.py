from promptflow.core import tool


@tool
def check(answer: str, expected_facts: list) -> float:
    """The share of expected facts that the answer states, letter case aside."""
    stated = [fact for fact in expected_facts if fact.lower() in answer.lower()]
    return len(stated) / len(expected_facts)
