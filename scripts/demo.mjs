// Runs a flow's whole experiment against the local model stand-in: every variant, every evaluator, the report.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const [flow = "web-classification", env = "dev"] = process.argv.slice(2);
const root = fileURLToPath(new URL("..", import.meta.url));
const standIn = spawn(process.execPath, ["packages/model-stand-in/bin/model-stand-in.js"], {
  cwd: root,
  stdio: ["ignore", "pipe", "inherit"],
});
const [url] = await once(createInterface({ input: standIn.stdout }), "line");
try {
  for (const verb of ["run", "evaluate", "report"]) {
    console.log(`\n$ genaiops ${verb} ${flow} --env ${env}`);
    // The stand-in accepts this one key; a real run takes it from .env.
    const { status } = await finished(verb);
    if (status !== 0) {
      process.exitCode = status ?? 1;
      break;
    }
  }
} finally {
  standIn.kill();
}

async function finished(verb) {
  const child = spawn(
    process.execPath,
    ["packages/cli/bin/genaiops.js", verb, flow, "--env", env],
    {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, AOAI_API_KEY: "stand-in", AOAI_API_BASE: url },
    },
  );
  const [status] = await once(child, "close");
  return { status };
}
