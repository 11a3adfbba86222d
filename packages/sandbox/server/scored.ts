import type { Grant } from "./principals";

/** How the requests to an arm end; may change while the sandbox runs. */
export interface ArmBehaviour {
  /** Median of the milliseconds that a request takes. @default 0 */
  readonly latencyMs?: number;
  /** Standard deviation of the latency's logarithm: 0.5 makes the 95th percentile 2.3 medians. @default 0 */
  readonly latencySpread?: number;
  /** Share of requests, 0 to 1, whose container answers 500. @default 0 */
  readonly failureRate?: number;
  /** Tokens of the model that a request costs. @default none are counted */
  readonly tokens?: number;
  /** Share of answers, 0 to 1, that users call helpful. @default users say nothing */
  readonly feedback?: number;
  /** Body of an answer, or what makes it of the request's body. @default `{}` */
  readonly answer?: unknown | ((body: unknown) => unknown);
}

/** Behaviour by the name of the arm, or of `<endpoint>/<arm>`, which wins. */
export type ArmBehaviours = Readonly<Record<string, ArmBehaviour>>;

/** One request that reached an arm: what Azure Monitor and Application Insights are fed with. */
export interface ScoredRequest {
  /** ARM id of the endpoint, or of the Web App or its slot. */
  readonly endpoint: string;
  readonly deployment: string;
  /** Milliseconds since 1970, by the sandbox's clock. */
  readonly time: number;
  /** What the caller got: 424 where the container answered anything but 200. */
  readonly status: number;
  /** What the container answered: 500 where it failed. */
  readonly modelStatus: number;
  readonly latencyMs: number;
  readonly tokens?: number;
  /** 1: a user called the answer helpful, 0: the contrary. */
  readonly feedback?: number;
  /** A copy of a request whose answer nobody sees. */
  readonly mirrored: boolean;
}

/** What somebody sent to `/feedback`. */
export interface SentFeedback {
  readonly endpoint: string;
  readonly deployment: string;
  readonly time: number;
  readonly body: unknown;
}

/** Totals of one deployment, mirrored requests included. */
export interface DeploymentCount {
  requests: number;
  mirrored: number;
  /** Requests by status. */
  statuses: Record<string, number>;
  latenciesMs: number[];
}

export interface ScoringSettings {
  readonly arms?: ArmBehaviours;
  /** The same seed routes and fails the same requests. @default 1 */
  readonly seed?: number;
  /** Milliseconds since 1970. @default the machine's clock */
  readonly clock?: () => number;
  readonly grants?: readonly Grant[];
}
