class Grade:
    def __call__(self, found: str) -> dict:
        return {"known": found in ("billing", "support")}
