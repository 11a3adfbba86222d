import { readFileSync } from "node:fs";
import { CommandError } from "../exit";
import type { StackName } from "../../sandbox/urn";
import { STACK_TYPE, isObject, type Plan, type Value, type Values } from "./model";
import { fromWire, propertiesFromWire } from "./wire";

/** A resource as it was planned or as it stands. */
export interface BaselineResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | null;
  readonly inputs: Values;
  readonly protect: boolean;
  readonly read: boolean;
  /** What Azure answered; absent in a plan. */
  readonly outputs?: Values;
  /** Azure id; absent in a plan, unless the resource is only read. */
  readonly id?: Value;
  /** Inputs that the provider filled in by itself. */
  readonly defaults: readonly string[];
}

/** What a plan is compared with. */
export interface Baseline {
  readonly kind: "plan" | "export";
  /** It is of another stack: a difference is not a change of what stands. @default of the same stack */
  readonly ofOtherStack?: boolean;
  /** By URN, without the stack itself and default providers. */
  readonly resources: ReadonlyMap<string, BaselineResource>;
}

/**
 * Read a plan, or what `pulumi stack export` wrote. One of another stack is read as if it were of this one,
 * so that two environments can be compared.
 */
export function readBaseline(file: string, { project, stack }: StackName): Baseline {
  let data: unknown;
  let ofOtherStack = false;
  try {
    const text = readFileSync(file, "utf8");
    const [, otherStack, otherProject] = /"urn:pulumi:([^":]+)::([^":]+)::/.exec(text) ?? [];
    ofOtherStack = otherStack !== undefined && (otherStack !== stack || otherProject !== project);
    const other = `urn:pulumi:${otherStack}::${otherProject}::`;
    data = JSON.parse(text.replaceAll(other, `urn:pulumi:${stack}::${project}::`));
  } catch (error) {
    // The parser would quote what stands around the fault, and an export may hold what is secret.
    const found = error instanceof SyntaxError ? "is no JSON" : (error as Error).message;
    throw new CommandError(`${file}  ${found}; ${expected}`);
  }
  if (isObject(data) && isObject(data["deployment"])) {
    // An empty stack is exported without resources.
    checkResources(file, data["deployment"]["resources"] ?? [], EXPORTED);
    return { ...fromExport(data["deployment"]), ofOtherStack };
  }
  if (isObject(data) && Array.isArray(data["resources"]) && data["version"] === 1) {
    checkResources(file, data["resources"], PLANNED);
    return { ...baselineOf(data as unknown as Plan), ofOtherStack };
  }
  throw new CommandError(`${file}  is neither; ${expected}`);
}

const expected =
  "a comparison takes a plan (genaiops plan --format json) or a deployment (pulumi stack export); make one of these";

type Form = Readonly<Record<string, (value: unknown) => boolean>>;

const isText = (value: unknown) => typeof value === "string";
const EXPORTED: Form = { urn: isText, type: isText };
const PLANNED: Form = {
  ...EXPORTED,
  name: isText,
  parent: (value) => value === null || isText(value),
  inputs: isObject,
  protect: (value) => typeof value === "boolean",
};

/** A damaged file must not pass for one without changes. */
function checkResources(file: string, resources: unknown, form: Form): void {
  if (!Array.isArray(resources)) {
    throw new CommandError(`${file}  resources is not a list; ${expected}`);
  }
  const faults = resources.flatMap((resource: unknown, index) => {
    const values = isObject(resource) ? resource : {};
    const wrong = Object.keys(form).filter((key) => !form[key]?.(values[key]));
    return wrong.length === 0
      ? []
      : [`${file}  resources[${index}] has no valid ${wrong.join(", ")}; ${expected}`];
  });
  if (faults.length > 0) throw new CommandError(faults.join("\n"));
}

export function baselineOf(plan: Plan): Baseline {
  const resources = plan.resources
    .filter(({ type }) => type !== STACK_TYPE)
    .map((resource): [string, BaselineResource] => [
      resource.urn,
      { ...resource, read: resource.read === true, defaults: [] },
    ]);
  return { kind: "plan", resources: new Map(resources) };
}

function fromExport(deployment: Values): Baseline {
  const list = (deployment["resources"] ?? []) as Values[];
  const resources = list
    .filter((resource) => resource["delete"] !== true && !isEngines(resource))
    .map((resource): [string, BaselineResource] => {
      const urn = String(resource["urn"]);
      const inputs = isObject(resource["inputs"]) ? resource["inputs"] : {};
      return [
        urn,
        {
          urn,
          type: String(resource["type"]),
          name: urn.slice(urn.lastIndexOf("::") + 2),
          parent: (resource["parent"] as string | undefined) ?? null,
          inputs: withoutInternals(propertiesFromWire(inputs)),
          outputs: isObject(resource["outputs"]) ? propertiesFromWire(resource["outputs"]) : {},
          protect: resource["protect"] === true,
          read: resource["external"] === true,
          id: fromWire(resource["id"] ?? null),
          defaults: Array.isArray(inputs["__defaults"]) ? inputs["__defaults"].map(String) : [],
        },
      ];
    });
  return { kind: "export", resources: new Map(resources) };
}

/** The stack itself, and the providers that the engine starts by default. */
function isEngines(resource: Values): boolean {
  const urn = String(resource["urn"]);
  return (
    resource["type"] === STACK_TYPE ||
    (String(resource["type"]).startsWith("pulumi:providers:") && /::default[^:]*$/.test(urn))
  );
}

function withoutInternals(inputs: Values): Values {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__")));
}
