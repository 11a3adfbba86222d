from typing import TypedDict


class Known(TypedDict):
    known: bool


class Grade:
    def __init__(self, queues: str = "billing support"):
        self.queues = queues.split()

    def __call__(self, found: str) -> Known:
        return Known(known=found in self.queues)
