from typing import TypedDict


class Result(TypedDict):
    queue: str


class Triage:
    def __init__(self, connection: str):
        self.connection = connection

    def __call__(self, ticket: str) -> Result:
        return Result(queue="billing" if "invoice" in ticket else "support")
