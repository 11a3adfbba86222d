class Triage:
    def __init__(self, connection: str):
        self.connection = connection

    def __call__(self, ticket: str) -> dict:
        return {"queue": "billing" if "invoice" in ticket else "support"}
