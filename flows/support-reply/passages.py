import re
from pathlib import Path
from typing import List

STOP_WORDS = frozenset(
    "a an and are as at be by can do does for from have how i if in is it its long many may me my of on "
    "one or our that the their they to until we what when where which with you your".split()
)


def terms(text: str) -> set:
    """The words of a text that carry meaning, with plural and simple endings cut."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {re.sub(r"(ed|ing|s)$", "", word) for word in words if word not in STOP_WORDS}


def read_passages(file: Path) -> List[str]:
    """The passages of a policy file, heading and text together, in order."""
    blocks = re.split(r"^# ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [block.strip() for block in blocks if block.strip()]


def nearest(passages: List[str], question: str, count: int) -> List[str]:
    """The passages that share most words with the question, best first; those that share none are left out."""
    asked = terms(question)
    ranked = sorted(passages, key=lambda passage: -len(asked & terms(passage)))
    return [passage for passage in ranked[:count] if asked & terms(passage)]
