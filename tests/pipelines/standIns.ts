import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { command, root } from "./repository";

/**
 * What a step calls and cannot run in a unit test, and why. Everything else that steps call is real: the
 * shell, Git, and the other verbs of `genaiops`.
 */
export const STAND_INS: Readonly<Record<string, string>> = {
  "genaiops evaluate": "needs Python and a model; leaves results with a given accuracy instead",
  "genaiops register": "writes to Azure",
  "genaiops rollout": "asks Azure which arms serve; real where a test has a simulated one",
  "genaiops run": "needs Python and a model",
  "genaiops test-endpoint": "calls an endpoint",
  jest: "would run itself",
  "npm ci": "links the packages of this checkout instead",
  "npm run check": "takes a minute, and the suite runs it",
  "npm run lint": "takes a minute, and the suite runs it",
  pulumi: "needs the engine; tests/engine runs it",
};

/** A call of a stand-in, `genaiops run web-classification --env dev --cloud`. */
export interface Call {
  /** `ENVIRONMENT` of the pipeline that made it. */
  readonly environment: string;
  readonly line: string;
}

/** Folder for PATH with the stand-ins, and what they note down. */
export class StandIns {
  readonly #calls: string;
  readonly #failing: string;
  readonly #accuracy: string;
  readonly #pretending: string;
  readonly #azure: string;

  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#calls = join(folder, "calls");
    this.#failing = join(folder, "failing");
    this.#accuracy = join(folder, "accuracy");
    this.#pretending = join(folder, "pretending");
    this.#azure = join(folder, "azure");
    writeFileSync(this.#failing, "");
    this.#write("genaiops", genaiops);
    this.#write("npm", npm);
    this.#write("npx", 'exec "$@"');
    this.#write("jest", "note jest");
    this.#write("pulumi", pulumi);
  }

  /** Lets no verb of the command run: what it does is not what a test is about. */
  pretend(): void {
    writeFileSync(this.#pretending, "");
  }

  /** Makes calls fail whose line begins so. */
  fail(...lines: string[]): void {
    writeFileSync(this.#failing, lines.map((line) => `${line}\n`).join(""));
  }

  /** What the evaluation of a flow finds; 0.9 otherwise. */
  measure(flow: string, accuracy: number): void {
    writeFileSync(this.#accuracy, `${flow} ${accuracy}\n`);
  }

  /** Lets `rollout` run against a simulated Azure, as whom its environment says. */
  rollOutIn(environment: Readonly<Record<string, string>>): void {
    const lines = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'\n`);
    writeFileSync(
      this.#azure,
      ["unset ARM_USE_OIDC ARM_OIDC_TOKEN ARM_CLIENT_ID\n", ...lines].join(""),
    );
  }

  /** The settings that each update and each test of an endpoint found in its checkout. */
  settings(): string[] {
    const folder = join(this.folder, "settings");
    return existsSync(folder)
      ? readdirSync(folder)
          .toSorted()
          .map((name) => readFileSync(join(folder, name), "utf8"))
      : [];
  }

  calls(): Call[] {
    if (!existsSync(this.#calls)) return [];
    return readFileSync(this.#calls, "utf8")
      .trimEnd()
      .split("\n")
      .map((text) => {
        const [environment = "", line = ""] = text.split("\t");
        return { environment, line };
      });
  }

  forget(): void {
    writeFileSync(this.#calls, "");
  }

  #write(name: string, script: string): void {
    const file = join(this.folder, name);
    writeFileSync(file, `#!/usr/bin/env bash\n${shared}\n${script}\n`);
    chmodSync(file, 0o755);
  }
}

const shared = `set -euo pipefail
here=$(dirname "$0")
note() {
  printf '%s\\t%s\\n' "\${ENVIRONMENT:-}" "$*" >> "$here/calls"
  while read -r begin; do
    case "$*" in "$begin"*) echo "$* fails as the test asks" >&2; exit 1;; esac
  done < "$here/failing"
}
keep() {
  mkdir -p "$here/settings"
  cp "Pulumi.$ENVIRONMENT.yaml" "$here/settings/$(ls "$here/settings" | wc -l)"
}
login() {
  [ "\${ARM_USE_OIDC:-}" = true ] && [ -n "\${ARM_OIDC_TOKEN:-}" ] && [ -n "\${ARM_CLIENT_ID:-}" ] && return
  echo "$1 without a login" >&2; exit 1
}`;

const verbs = Object.keys(STAND_INS).flatMap((name) => /^genaiops (.+)$/.exec(name)?.[1] ?? []);

const leave = join(root, "tests/pipelines/leaveResults.ts");

const genaiops = `case "$1" in
  ${verbs.join("|")}) note genaiops "$@";;
  *)
    printf '%s\\t%s\\n' "\${ENVIRONMENT:-}" "genaiops $*" >> "$here/calls"
    if [ -e "$here/pretending" ]; then
      if [ "\${5:-}" = --out ]; then mkdir -p "$6"; fi
      exit
    fi
    exec "${process.execPath}" "${command}" "$@";;
esac
case "$1" in
  run|register) login "$1";;
  test-endpoint) login "$1"; keep;;
  rollout)
    login "$1"
    if [ -e "$here/azure" ]; then . "$here/azure"; exec "${process.execPath}" "${command}" "$@"; fi;;
  evaluate)
    login evaluate
    if [ -e "$here/pretending" ]; then exit; fi
    touch "$here/accuracy"
    accuracy=$(sed -n "s/^$2 //p" "$here/accuracy")
    "${process.execPath}" -r tsx/cjs "${leave}" "$2" "$4" "\${accuracy:-0.9}";;
esac`;

const npm = `note npm "$@"
if [ "$1" = ci ]; then ln -s "${join(root, "node_modules")}" node_modules; fi`;

/** Only `stack export` answers with something that a later step reads. */
const pulumi = `note pulumi "$@"
login pulumi
if [ "$1" = up ]; then keep; fi
while [ $# -gt 0 ]; do
  if [ "$1" = --file ]; then mkdir -p "$(dirname "$2")"; echo '{"version":3,"deployment":{"resources":[]}}' > "$2"; fi
  shift
done`;
