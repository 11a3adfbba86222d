from typing import TypedDict


class Result(TypedDict):
    queue: str


def triage(ticket: str) -> Result:
    return Result(queue="billing" if "invoice" in ticket else "support")
