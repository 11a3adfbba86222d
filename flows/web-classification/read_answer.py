import json

from promptflow.core import tool

CATEGORIES = {"Recipe", "Shop", "News", "Software", "Travel", "Health", "None"}
EVIDENCE = {"Url", "Text content", "Both"}


@tool
def read_answer(answer: str) -> dict:
    """Read category and evidence out of the model's answer; whatever is not allowed becomes "None"."""
    start, end = answer.find("{"), answer.rfind("}")
    try:
        found = json.loads(answer[start : end + 1])
    except ValueError:
        found = {}
    category, evidence = found.get("category"), found.get("evidence")
    return {
        "category": category if category in CATEGORIES else "None",
        "evidence": evidence if evidence in EVIDENCE else "None",
    }
