import re

from promptflow.core import tool


@tool
def read_code(reply: str) -> str:
    """The code in a model's reply: what stands between fences, or all of it where there are none."""
    fenced = re.search(r"```(?:python)?\s*\n(.*?)```", reply, flags=re.DOTALL)
    return (fenced.group(1) if fenced else reply).strip()
