"""The served application, made once in each worker process."""

from promptflow.core._serving.app import create_app


def create():
    return create_app(engine="fastapi", extension_type="azureml")
