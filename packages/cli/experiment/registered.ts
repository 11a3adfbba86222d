/** A dataset that is registered in the workspace, by its source in an experiment. */
export interface RegisteredDataset {
  readonly name: string;
  readonly version: string;
}

/** `azureml:<name>:<version>`; undefined for a file. */
export function registeredSource(source: string): RegisteredDataset | undefined {
  const [, name, version] = /^azureml:([^:]+):([^:]+)$/.exec(source) ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** Where `run --cloud` leaves it, relative to the repository. Each environment has a workspace of its own. */
export function registeredFile(env: string, { name, version }: RegisteredDataset): string {
  return `.genaiops/registered/${env}/${name}/${version}.jsonl`;
}
