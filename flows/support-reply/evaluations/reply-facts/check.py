from promptflow.core import tool


@tool
def check(reply: str, expected_facts: list) -> dict:
    """Look for each expected fact in the reply, word for word and whatever the letter case."""
    stated = [fact for fact in expected_facts if fact.lower() in reply.lower()]
    return {
        "coverage": len(stated) / len(expected_facts),
        "complete": len(stated) == len(expected_facts),
        "words": len(reply.split()),
    }
