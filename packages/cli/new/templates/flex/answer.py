import os
from typing import TypedDict

from openai import AzureOpenAI
from promptflow.connections import AzureOpenAIConnection


class Reply(TypedDict):
    answer: str


class Answer:
    """Answer a question from passages."""

    def __init__(self, connection: AzureOpenAIConnection = "aoai", sentences: int = 2):
        """sentences: the most that an answer may have."""
        # A key where the connection has one, otherwise Entra tokens.
        credentials = (
            {"api_key": connection.api_key}
            if connection.auth_mode == "key"
            else {"azure_ad_token_provider": connection.get_token}
        )
        self.client = AzureOpenAI(
            azure_endpoint=connection.api_base,
            api_version=connection.api_version,
            max_retries=5,
            **credentials,
        )
        self.instruction = (
            f"Answer the question in at most {sentences} sentences, with only what the passages say."
        )

    def __call__(self, question: str, passages: str) -> Reply:
        completion = self.client.chat.completions.create(
            model=os.environ["CHAT_DEPLOYMENT"],
            temperature=0,
            messages=[
                {"role": "system", "content": self.instruction},
                {
                    "role": "user",
                    "content": f"<passages>{passages}</passages>\n<question>{question}</question>",
                },
            ],
        )
        return {"answer": completion.choices[0].message.content}
