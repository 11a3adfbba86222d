import math

from promptflow.core import tool


@tool
def grade(answer: str, expected_answer: float) -> dict:
    """Compare numbers, to a millionth; an empty answer is one that could not be computed."""
    computed = answer != ""
    close = computed and math.isclose(float(answer), expected_answer, rel_tol=1e-6, abs_tol=1e-9)
    return {"computed": computed, "correct": close}
