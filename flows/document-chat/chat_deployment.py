import os

from promptflow.core import tool


@tool
def chat_deployment() -> str:
    """Name of the model deployment that the prompts go to; an endpoint's arm may set another one."""
    return os.environ["CHAT_DEPLOYMENT"]
