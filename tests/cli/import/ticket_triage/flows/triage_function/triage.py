def triage(ticket: str) -> dict:
    return {"queue": "billing" if "invoice" in ticket else "support"}
