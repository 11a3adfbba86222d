from promptflow.core import tool


@tool
def as_asked(question: str) -> str:
    """The question alone, without the conversation before it: no model is asked."""
    return question
