from promptflow.core import tool


@tool
def check(answer: str, expected_facts: list) -> dict:
    """Look for each expected fact in the answer, word for word and whatever the letter case."""
    stated = [fact for fact in expected_facts if fact.lower() in answer.lower()]
    return {
        "coverage": len(stated) / len(expected_facts),
        "complete": len(stated) == len(expected_facts),
        "words": len(answer.split()),
    }
