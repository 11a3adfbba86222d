import os
from pathlib import Path
from typing import TypedDict

from openai import AzureOpenAI
from promptflow.connections import AzureOpenAIConnection

from passages import nearest, read_passages

FOLDER = Path(__file__).parent


class Reply(TypedDict):
    reply: str
    sources: list


class SupportReply:
    """Answer a customer's question from the shop's policies."""

    def __init__(
        self,
        connection: AzureOpenAIConnection = "aoai",
        style: str = "careful",
        passages: int = 2,
    ):
        """
        style: a file in prompts/, without its ending. passages: how many of the policies the model sees.
        """
        self.instruction = (FOLDER / "prompts" / f"{style}.txt").read_text(encoding="utf-8").strip()
        # Prompt flow hands over the values of --init, and even the defaults above, as text.
        self.count = int(passages)
        self.policies = read_passages(FOLDER / "policies.md")
        self.client = AzureOpenAI(
            azure_endpoint=connection.api_base,
            api_version=connection.api_version,
            max_retries=5,
            **credentials(connection),
        )

    def __call__(self, question: str) -> Reply:
        found = nearest(self.policies, question, self.count)
        headings = [passage.partition("\n")[0] for passage in found]
        texts = [passage.partition("\n")[2] for passage in found]
        completion = self.client.chat.completions.create(
            model=os.environ["CHAT_DEPLOYMENT"],
            temperature=0,
            messages=[
                {"role": "system", "content": self.instruction},
                {
                    "role": "user",
                    "content": f"<passages>{' '.join(texts)}</passages>\n<question>{question}</question>",
                },
            ],
        )
        return {"reply": completion.choices[0].message.content, "sources": headings}


def credentials(connection: AzureOpenAIConnection) -> dict:
    """A key where the connection has one, otherwise Entra tokens."""
    if connection.auth_mode == "key":
        return {"api_key": connection.api_key}
    return {"azure_ad_token_provider": connection.get_token}
