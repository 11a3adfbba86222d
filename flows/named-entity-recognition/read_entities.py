import re
from typing import List

from promptflow.core import tool


@tool
def read_entities(answer: str) -> List[str]:
    """Split the model's answer at commas and lines; bullets, quotes and "none" fall away."""
    parts = [part.strip(" \t-*.\"'") for part in re.split(r"[,\n]", answer)]
    return [part for part in parts if part and part.lower() != "none"]
