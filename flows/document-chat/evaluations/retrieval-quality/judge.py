import re
from typing import List

from promptflow.core import tool

NOWHERE = "none"


def words(text: str) -> List[str]:
    return re.findall(r"[^\W_]{3,}|\d+", text.lower())


@tool
def judge(answer: str, sections: list, passages: list, expected_section: str) -> dict:
    """
    found: the section that answers was among those the model saw; nothing is asked of questions without an answer.
    grounded: the share of the answer's words that stand in what the model saw.
    """
    seen, said = set(words(" ".join(passages))), words(answer)
    answerable = expected_section != NOWHERE
    return {
        "found": expected_section in sections if answerable else True,
        "grounded": sum(word in seen for word in said) / max(1, len(said)) if answerable else 1.0,
    }
