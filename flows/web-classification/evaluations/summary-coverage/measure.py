import re
from typing import List

from promptflow.core import tool


def words(text: str) -> List[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


@tool
def measure(text: str, summary: str, key_terms: list) -> dict:
    """Measure one summary without a model.

    coverage: share of the key terms that it mentions. groundedness: share of its words that the page has.
    length_ratio: its words per word of the page.
    """
    page, said = set(words(text)), words(summary)
    kept = [term for term in key_terms if term.lower() in summary.lower()]
    return {
        "coverage": len(kept) / len(key_terms) if key_terms else 1.0,
        "groundedness": sum(word in page for word in said) / len(said) if said else 0.0,
        "length_ratio": len(said) / max(1, len(words(text))),
    }
