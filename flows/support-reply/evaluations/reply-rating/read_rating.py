import re

from promptflow.core import tool


@tool
def read_rating(answer: str) -> int:
    """The first number from 1 to 5 in the judge's answer; no such number is an error of the line."""
    found = re.search(r"\b[1-5]\b", answer)
    if found is None:
        raise ValueError(f"expected a rating from 1 to 5, got {answer!r}")
    return int(found.group())
