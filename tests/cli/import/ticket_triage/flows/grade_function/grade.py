def grade(found: str) -> dict:
    return {"known": found in ("billing", "support")}
