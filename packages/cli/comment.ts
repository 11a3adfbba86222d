import { existsSync, readFileSync } from "node:fs";
import { Command } from "commander";
import { CommandError, EXIT } from "./exit";

const help = `
The comment stands in a closed thread, so that a policy on open comments does not wait for it. A second
comment with the same title takes the place of the first. The pull request is the one that the pipeline runs
for; anywhere else the text is printed.

Environment, all of it set by Azure Pipelines, the token only where the step hands it over:
  SYSTEM_COLLECTIONURI, SYSTEM_TEAMPROJECT, BUILD_REPOSITORY_ID, SYSTEM_PULLREQUEST_PULLREQUESTID
  SYSTEM_ACCESSTOKEN

Examples:
  $ genaiops plan -s dev -f markdown -o plan.md && genaiops comment --title "Plan of dev" --file plan.md`;

interface CommentFlags {
  readonly title: string;
  readonly file: string;
}

export function commentCommand(): Command {
  return new Command("comment")
    .description("write a file as a comment on the pull request that a pipeline runs for")
    .requiredOption("-t, --title <text>", "heading, and what a later comment replaces it by")
    .requiredOption("-f, --file <file>", "markdown to write")
    .addHelpText("after", help)
    .action(async (flags: CommentFlags) => {
      if (!existsSync(flags.file))
        throw new CommandError(`--file ${flags.file} is not there; write it first`);
      const text = readFileSync(flags.file, "utf8");
      const place = placeOf(process.env);
      if (!place) process.stdout.write(text);
      else await comment(place, flags.title, text);
    });
}

/** A pull request and the right to comment on it. */
interface Place {
  /** Address of its threads. */
  readonly threads: string;
  readonly token: string;
}

function placeOf(env: Readonly<Record<string, string | undefined>>): Place | undefined {
  const id = env.SYSTEM_PULLREQUEST_PULLREQUESTID;
  if (id === undefined || id === "") return undefined;
  const given = (name: string): string => {
    const value = env[name];
    if (value) return value;
    throw new CommandError(
      `${name} is not set; hand it to the step, SYSTEM_ACCESSTOKEN as \`env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)\``,
    );
  };
  const project = encodeURIComponent(given("SYSTEM_TEAMPROJECT"));
  const repository = encodeURIComponent(given("BUILD_REPOSITORY_ID"));
  const base = given("SYSTEM_COLLECTIONURI").replace(/\/+$/, "");
  return {
    threads: `${base}/${project}/_apis/git/repositories/${repository}/pullRequests/${id}/threads`,
    token: given("SYSTEM_ACCESSTOKEN"),
  };
}

/** REST Pull Request Threads - Create: longer ones are refused. */
const MOST_CHARACTERS = 150_000;

interface Thread {
  readonly id: number;
  readonly comments: readonly { readonly id: number; readonly content?: string }[];
}

async function comment(place: Place, title: string, text: string): Promise<void> {
  const mark = `<!-- genaiops comment: ${title} -->`;
  const whole = `${mark}\n## ${title}\n\n${text}`;
  const cut = "\n\nThe rest is cut off; the step's log has the command that prints all of it.";
  const content =
    whole.length <= MOST_CHARACTERS
      ? whole
      : `${whole.slice(0, MOST_CHARACTERS - cut.length)}${cut}`;
  const { value } = (await request(place, "GET", "")) as { value: readonly Thread[] };
  for (const { id, comments } of value) {
    const [first] = comments;
    if (!first?.content?.startsWith(mark)) continue;
    await request(place, "PATCH", `/${id}/comments/${first.id}`, { content });
    return;
  }
  await request(place, "POST", "", {
    comments: [{ parentCommentId: 0, commentType: "text", content }],
    status: "closed",
  });
}

/** learn.microsoft.com/rest/api/azure/devops/git/pull-request-threads */
async function request(
  place: Place,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const address = `${place.threads}${path}?api-version=7.1`;
  const answer = await fetch(address, {
    method,
    headers: { authorization: `Bearer ${place.token}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (answer.ok) return answer.json();
  throw new CommandError(
    `the comment was refused: ${method} ${address} answered ${answer.status}; the build service of the ` +
      "project needs the permission to contribute to pull requests",
    EXIT.failed,
  );
}
