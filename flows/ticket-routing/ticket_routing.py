import json
import os
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import AzureOpenAI

PROMPTS = Path(__file__).parent / "prompts"
QUEUES = ("Billing", "Delivery", "Fault", "Account", "Praise")
# Where a person reads what no queue can be found for.
FRONT_DESK = "Front desk"


class Route(TypedDict):
    queue: str


def route(message: str) -> Route:
    """Choose the queue that a customer's message goes to; whatever is no queue goes to the front desk."""
    model = client(os.environ["AOAI_ENDPOINT"], os.environ["AOAI_VERSION"], os.environ["AOAI_KEY"])
    completion = model.chat.completions.create(
        model=os.environ["CHAT_DEPLOYMENT"],
        temperature=0,
        messages=[
            {"role": "system", "content": instruction(os.environ["ROUTING_PROMPT"])},
            {"role": "user", "content": f"<text>{message}</text>"},
        ],
    )
    return {"queue": read_queue(completion.choices[0].message.content)}


def read_queue(answer: str) -> str:
    start, end = answer.find("{"), answer.rfind("}")
    try:
        queue = json.loads(answer[start : end + 1])["category"]
    except (ValueError, KeyError, TypeError):
        return FRONT_DESK
    return queue if queue in QUEUES else FRONT_DESK


@lru_cache(maxsize=None)
def instruction(prompt: str) -> str:
    return (PROMPTS / f"{prompt}.txt").read_text(encoding="utf-8").strip()


@lru_cache(maxsize=1)
def client(endpoint: str, version: str, key: str) -> AzureOpenAI:
    # The reference stays as it is where the connection has no key: then Entra's tokens are asked for.
    if key.startswith("${"):
        scope = "https://cognitiveservices.azure.com/.default"
        access = {"azure_ad_token_provider": get_bearer_token_provider(DefaultAzureCredential(), scope)}
    else:
        access = {"api_key": key}
    return AzureOpenAI(azure_endpoint=endpoint, api_version=version, max_retries=5, **access)
