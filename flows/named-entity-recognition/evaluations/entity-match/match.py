from collections import Counter

from promptflow.core import tool


@tool
def match(entities: list, expected_entities: list) -> dict:
    """Count the entities that agree, letter case aside; one named twice is found once and wrong once."""
    named = Counter(entity.lower() for entity in entities)
    expected = Counter(entity.lower() for entity in expected_entities)
    found = sum((named & expected).values())
    return {
        "found": found,
        "missed": sum(expected.values()) - found,
        "wrong": sum(named.values()) - found,
        "exact": named == expected,
    }
