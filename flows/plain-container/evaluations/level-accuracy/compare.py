from promptflow.core import tool


@tool
def compare(level: str, expected_level: str) -> bool:
    """Whether the text was given the level that is expected."""
    return level == expected_level
