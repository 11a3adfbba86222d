import type { Arm, Environment, Flow } from "../../../config/environment";
import { promotionQuestion } from "../../../config/promotion";
import { readEnvironment } from "../../../config/read";
import { formatProblems } from "../../../config/problem";
import { readStackText } from "../../../config/stackFile";
import type { PlacedFault } from "../../../config/weights";
import { approvedVersions } from "../../provider/approvedVersions";
import { promotedVersions } from "../../provider/promotedVersions";
import { hashTag, tagsOf } from "../../provider/assetRules";
import { readVersion } from "../../provider/assetVersion";
import { type Cloud, cloudFromEnvironment } from "../../provider/cloud";
import { ResourceManager } from "../../provider/resourceManager";
import { CommandError, EXIT, type ExitCode } from "../exit";
import { flowOf } from "../flowOf";
import { changeFaults, hold, type ChangingArm } from "./hold";
import { type LiveArms, readLiveArms } from "./liveArms";
import { endpointId } from "./place";
import { weightsText } from "./text";
import { WeightsFile } from "./weightsFile";

export interface HoldRequest {
  readonly root: string;
  readonly flow: string;
  readonly env: string;
  /** @default the one that the process's environment names */
  readonly cloud?: Cloud;
  /** @default the standard output */
  readonly say?: (text: string) => void;
}

/**
 * Write the weights into `Pulumi.<env>.yaml` that bring new arms without requests. Only that file changes, and
 * only after everything was asked; the same call again finds the same.
 */
export async function performHold(request: HoldRequest): Promise<ExitCode> {
  const { root, env } = request;
  const say = request.say ?? ((text) => void process.stdout.write(`${text}\n`));
  const environment = readEnvironment({ root, stack: env });
  const flow = flowOf(environment, request.flow);
  const azure = new ResourceManager(request.cloud ?? cloudFromEnvironment());
  const live = await readLiveArms(azure, environment, flow);
  const declared = Object.fromEntries(flow.arms.map(({ name, weight }) => [name, weight]));
  const { weights, held, faults } = hold(declared, live?.weights ?? {}, flow.mirror);
  const changing = live === undefined ? [] : await changingArms(azure, environment, flow, live);
  const refused = environment.settings.protect ? changeFaults(changing) : [];
  if (faults.length + refused.length > 0) throw refusal(environment, flow, [...faults, ...refused]);

  const file = new WeightsFile(root, env, flow.name);
  for (const { arm, weight, from, to } of changing) {
    say(
      `${arm} takes ${weight} % of the requests and changes from version ${from} to ${to} where it stands`,
    );
  }
  if (held.length === 0) {
    say(
      `${file.name} stays as it is: every arm of ${flow.name} with a weight takes requests already`,
    );
    return EXIT.ok;
  }
  file.write(weights);
  say(
    `${file.name}: ${weightsText(weights)}; ${held.join(", ")} takes no requests until it was tested`,
  );
  return EXIT.ok;
}

/**
 * Arms that take requests and whose version changes with this deployment; `approved` and `current` move by themselves.
 */
async function changingArms(
  azure: ResourceManager,
  environment: Environment,
  flow: Flow,
  live: LiveArms,
): Promise<ChangingArm[]> {
  const serving = flow.arms.filter(({ name }) => (live.weights[name] ?? 0) > 0);
  if (serving.length === 0) return [];
  const models = await live.models();
  const approved = serving.some(({ version }) => version === "approved")
    ? await approvedOf(azure, environment, flow)
    : undefined;
  const found: ChangingArm[] = [];
  for (const arm of serving) {
    const model = models.get(arm.name) ?? "";
    const to = await newVersion(azure, flow, arm, model, approved);
    if (to === undefined) continue;
    const from = versionOf(model);
    found.push({ arm: arm.name, weight: live.weights[arm.name] ?? 0, from, to });
  }
  return found;
}

/** The version that an arm is to get, or undefined where it keeps the one that it has. */
async function newVersion(
  azure: ResourceManager,
  flow: Flow,
  { version }: Arm,
  model: string,
  approved: number | undefined,
): Promise<string | undefined> {
  if (version === "current") {
    const live = model === "" ? undefined : await readVersion(azure, model);
    return live && tagsOf(live)[hashTag] === flow.content?.hash ? undefined : "this checkout";
  }
  const wanted = version === "approved" ? approved : version;
  return wanted === undefined || String(wanted) === versionOf(model) ? undefined : String(wanted);
}

async function approvedOf(azure: ResourceManager, environment: Environment, flow: Flow) {
  const { promotion } = environment;
  if (promotion) {
    const asked = promotionQuestion(environment, promotion, [flow]);
    const arms = asked.arms.filter(({ version }) => version === "approved");
    const found = await promotedVersions(azure, { ...asked, arms });
    return Object.values(found.arms)[0]?.version;
  }
  const [workspace = ""] = endpointId(environment, flow).split("/onlineEndpoints/");
  const models = [flow.modelName];
  const asked = { workspace, environment: environment.stack, models };
  return (await approvedVersions(azure, asked)).versions[flow.modelName];
}

const versionOf = (model: string): string => model.split("/").at(-1) ?? "";

function refusal(environment: Environment, flow: Flow, faults: readonly PlacedFault[]) {
  const { file, place } = readStackText(environment.root, environment.stack);
  const problems = faults.map(({ at, fault, on }) =>
    file.problem(place(["flows", flow.name, ...at]), fault, on),
  );
  return new CommandError(formatProblems(problems), EXIT.refused);
}
