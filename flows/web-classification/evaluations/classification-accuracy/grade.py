from promptflow.core import tool


@tool
def grade(category: str, expected_category: str, evidence: str, expected_evidence: str) -> dict:
    """Compare one answer with what is expected. Evidence counts only where the category is right."""
    category_correct = category == expected_category
    return {
        "category": category,
        "expected_category": expected_category,
        "category_correct": category_correct,
        "evidence_correct": category_correct and evidence == expected_evidence,
    }
