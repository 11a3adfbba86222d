import type { Answer, Caller } from "./call";
import { shapeProblems, shown } from "./shape";
import { askSlot } from "./slots";
import { type ArmSplit, judgeSplit } from "./split";
import type { OpenEndpoint } from "./target";

/** The sample request to one arm by its name. */
export interface ArmCheck {
  /** Undefined: the only one there is, which has no name. */
  readonly arm?: string;
  readonly status: number;
  readonly ms: number;
  readonly problems: readonly string[];
}

/** The sample request, sent many times without naming an arm. */
export interface Measured {
  readonly requests: number;
  /** Absent where the answers cannot tell it. */
  readonly split?: readonly ArmSplit[];
  /** Milliseconds of the answers with status 200, by arm. */
  readonly latencies: Readonly<Record<string, readonly number[]>>;
  readonly problems: readonly string[];
}

export interface Request {
  readonly endpoint: OpenEndpoint;
  readonly sample: string;
  /** Keys that an answer must have. */
  readonly keys: readonly string[];
  readonly call: Caller;
}

/** Call every arm by its name, one after another, also those with weight 0. */
export async function checkArms(request: Request): Promise<ArmCheck[]> {
  const { weights } = request.endpoint;
  const checks: ArmCheck[] = [];
  for (const arm of weights === undefined ? [undefined] : Object.keys(weights).sort()) {
    const answer = await score(request, arm);
    const problems = answerProblems(answer, request.keys);
    const other = arm !== undefined && answer.arm !== undefined && answer.arm !== arm;
    checks.push({
      ...(arm !== undefined && { arm }),
      status: answer.status,
      ms: answer.ms,
      problems: [...problems, ...(other ? [`the arm ${answer.arm} answered in its place`] : [])],
    });
  }
  return checks;
}

/** Send `requests` requests, `parallel` at a time, and compare who answers them with the weights. */
export async function measure(
  request: Request,
  requests: number,
  parallel: number,
): Promise<Measured> {
  const answers: Answer[] = [];
  let sent = 0;
  const lane = async () => {
    while (sent < requests) {
      sent += 1;
      answers.push(await score(request));
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, requests) }, lane));
  return judgeAnswers(request.endpoint, request.keys, answers);
}

export function judgeAnswers(
  { weights }: Pick<OpenEndpoint, "weights">,
  keys: readonly string[],
  answers: readonly Answer[],
): Measured {
  const served: Record<string, number> = {};
  const latencies: Record<string, number[]> = {};
  const failures = new Map<string, number>();
  let unnamed = 0;
  for (const answer of answers) {
    const arm = answer.arm ?? "";
    if (answer.arm !== undefined) served[arm] = (served[arm] ?? 0) + 1;
    else if (answer.status === 200) unnamed += 1;
    if (answer.status === 200) (latencies[arm] ??= []).push(answer.ms);
    for (const problem of answerProblems(answer, keys)) {
      const text = arm === "" ? problem : `${arm} ${problem}`;
      failures.set(text, (failures.get(text) ?? 0) + 1);
    }
  }
  const problems = [...failures].map(([text, count]) => `${count} of ${answers.length}: ${text}`);
  const base = { requests: answers.length, latencies };
  if (weights === undefined) return { ...base, problems };
  if (unnamed > 0) {
    const text =
      `${unnamed} of ${answers.length} answers do not say which arm answered, so the split cannot be measured; ` +
      "leave the measurement out with --requests 0";
    return { ...base, problems: [...problems, text] };
  }
  const split = judgeSplit(weights, served);
  const out = split.filter(({ within }) => !within);
  return { ...base, split, problems: [...problems, ...out.map(splitProblem)] };
}

const splitProblem = ({ arm, weight, served, low, high }: ArmSplit) =>
  `${arm} served ${served} requests; its weight of ${weight} % allows ${low === high ? low : `${low} to ${high}`}`;

async function score({ endpoint, sample, call }: Request, arm?: string): Promise<Answer> {
  const { scoreUrl: url, slots } = endpoint;
  const asked = { method: "POST", url, headers: await endpoint.headers(), body: sample } as const;
  return slots ? askSlot(slots, asked, arm, call) : call({ ...asked, arm });
}

function answerProblems({ status, modelStatus, body }: Answer, keys: readonly string[]): string[] {
  if (status === 200) return shapeProblems(body, keys);
  if (status === 0) return [`gave no answer: ${shown(body)}`];
  const own = modelStatus === undefined ? "" : ` (its container answered ${modelStatus})`;
  return [`answered ${status}${own}: ${shown(body)}`];
}
