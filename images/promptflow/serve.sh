# The model is mounted somewhere below AZUREML_MODEL_DIR; the app of prompt flow wants the flow's own folder.
set -eu
file=$(find "$AZUREML_MODEL_DIR" -maxdepth 3 \( -name flow.dag.yaml -o -name flow.flex.yaml \) | sort | head -n 1)
if [ -z "$file" ]; then
  echo "no flow.dag.yaml or flow.flex.yaml below $AZUREML_MODEL_DIR" >&2
  exit 1
fi
export PROMPTFLOW_PROJECT_PATH="$(dirname "$file")"
exec gunicorn "promptflow.core._serving.app:create_app(engine='fastapi', extension_type='azureml')" \
  --worker-class uvicorn.workers.UvicornWorker \
  --workers "${PROMPTFLOW_WORKER_NUM:-1}" \
  --threads "${PROMPTFLOW_WORKER_THREADS:-1}" \
  --timeout 300 \
  --bind 0.0.0.0:8080
