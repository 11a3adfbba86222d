"""Connections that the environment holds, one JSON text per connection, as in a `.env` file."""

import json
from typing import Dict, Iterable, Mapping

from flow_copy import ServingError


MODULE = "promptflow.connections"


def connections_in(environment: Mapping[str, str], names: Iterable[str]) -> Dict[str, dict]:
    """
    The flow's connections that the environment holds, in the shape that prompt flow executes with. A name
    without a value is left out: the workspace has it. Values never appear in an error.
    """
    return {name: parse(name, environment[name]) for name in names if name in environment}


def parse(name: str, text: str) -> dict:
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if isinstance(given, dict) and given.get("connection_type") == "CustomConnection":
        return custom(given)
    if not isinstance(given, dict) or "api_key" not in given:
        raise ServingError(
            f"the environment variable {name} is not a connection; allowed is JSON with api_key, api_base, "
            'api_type ("azure" or "open_ai") and api_version'
        )
    if given.get("connection_type") == "CognitiveSearchConnection":
        value = {key: given[key] for key in ("api_key", "api_base", "api_version") if key in given}
        return {"type": "CognitiveSearchConnection", "module": MODULE, "value": value}
    if given.get("api_type", "azure") == "azure":
        wanted = ("api_key", "api_base", "api_version")
        value = {key: given[key] for key in wanted if key in given}
        return {"type": "AzureOpenAIConnection", "module": MODULE, "value": value}
    value = {"api_key": given["api_key"], "base_url": given.get("api_base")}
    return {"type": "OpenAIConnection", "module": MODULE, "value": value}


def custom(given: dict) -> dict:
    secrets = given.get("secrets") or {}
    value = {**(given.get("configs") or {}), **secrets}
    return {"type": "CustomConnection", "module": MODULE, "value": value, "secret_keys": list(secrets)}
