from promptflow.core import tool

from arithmetic import Refused, evaluate


@tool
def run_code(code: str) -> dict:
    """The answer that the code computes, as text; empty where the code is refused, and then why."""
    try:
        return {"answer": f"{evaluate(code):.10g}", "problem": ""}
    except Refused as refused:
        return {"answer": "", "problem": str(refused)}
