import { equal, isMapping, PipelineError, toText, type Value } from "./value";

/** Parameters of a template or pipeline: learn.microsoft.com/azure/devops/pipelines/process/template-parameters. */

type Given = Readonly<Record<string, Value>>;

const known = ["name", "displayName", "type", "default", "values"];

/** The declared parameters with the values given for them, in their types. */
export function bindParameters(file: string, declared: Value, given: Given): Given {
  if (!Array.isArray(declared))
    throw new PipelineError(`${file}: parameters must be a list of names with types`);
  const bound: Record<string, Value> = {};
  for (const parameter of declared) {
    if (!isMapping(parameter) || typeof parameter.name !== "string")
      throw new PipelineError(`${file}: a parameter without a name`);
    const { name } = parameter;
    const stray = Object.keys(parameter).find((key) => !known.includes(key));
    if (stray !== undefined)
      throw new PipelineError(`${file}: parameter ${name} has an unknown property ${stray}`);
    if (name in bound) throw new PipelineError(`${file}: parameter ${name} stands there twice`);
    const value = name in given ? given[name] : parameter.default;
    if (value === undefined)
      throw new PipelineError(`${file}: parameter ${name} is required and was not given`);
    bound[name] = typed(`${file}: parameter ${name}`, String(parameter.type ?? "string"), value);
    allowed(`${file}: parameter ${name}`, parameter.values, bound[name] as Value);
  }
  const strange = Object.keys(given).find((name) => !(name in bound));
  if (strange !== undefined) throw new PipelineError(`${file}: there is no parameter ${strange}`);
  return bound;
}

function typed(place: string, type: string, value: Value): Value {
  const wrong = (): never => {
    throw new PipelineError(`${place} must be of type ${type}, not ${JSON.stringify(value)}`);
  };
  const text = toText(value);
  switch (type) {
    case "string":
      return text ?? wrong();
    case "number":
      return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : wrong();
    case "boolean":
      return text !== undefined && /^(true|false)$/i.test(text) ? /^true$/i.test(text) : wrong();
    case "object":
      return value;
    case "stepList":
    case "jobList":
    case "stageList":
      return Array.isArray(value) ? value : wrong();
    default:
      throw new PipelineError(`${place} has the type ${type}, which is not known here`);
  }
}

function allowed(place: string, values: Value | undefined, value: Value): void {
  if (values === undefined) return;
  if (!Array.isArray(values) || !values.some((one) => equal(value, one)))
    throw new PipelineError(
      `${place} is ${JSON.stringify(value)}; allowed are ${JSON.stringify(values)}`,
    );
}
