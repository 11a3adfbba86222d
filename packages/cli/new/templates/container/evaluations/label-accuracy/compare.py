from promptflow.core import tool


@tool
def compare(label: str, expected_label: str) -> bool:
    """Whether the label is the expected one."""
    return label == expected_label
