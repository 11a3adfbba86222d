import re

from promptflow.core import tool


@tool
def tidy_text(text: str, max_words: int) -> str:
    """Collapse white space and cut a long page, so that a prompt stays within its budget."""
    # A page must not be able to close the tag that the prompts put around it.
    words = re.sub(r"</?text>", " ", text).split()
    return " ".join(words[:max_words])
