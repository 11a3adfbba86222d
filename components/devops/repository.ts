import * as fs from "node:fs";
import * as path from "node:path";
import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import type { DevOpsSettings } from "../../config/devopsSettings";
import type { Secret } from "../secrets";
import type { Project } from "./project";

export interface RepositoryArgs {
  readonly project: Project;
  readonly settings: Pick<DevOpsSettings, "repository" | "protect">;
  /** Conditional. Id of the repository that exists. Required unless it is created. */
  readonly existing: string | undefined;
  /** Required. Absolute path of the checkout that missing files are taken from. */
  readonly root: string;
  /** Required. Files that the repository lacks, relative to `root`. */
  readonly seed: readonly string[];
  /** Required. Reads a named secret of the stack. */
  readonly secret: Secret;
}

/** Where work is reviewed and merged; the default branch. */
const DEVELOPMENT = "development";
const MAIN = "main";

/**
 * The repository: created, imported or adopted. A created or imported one gets the branches `main` and
 * `development`. Files that it lacks are written once and are its people's from then on.
 */
export class Repository extends pulumi.ComponentResource {
  /** UUID. */
  readonly id: pulumi.Output<string>;
  /** What stands before any policy, which refuses pushes from then on. */
  readonly content: readonly pulumi.Resource[];

  constructor(name: string, args: RepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:devops:Repository", name, {}, opts);
    const { repository } = args.settings;
    const created = repository.mode === "existing" ? undefined : this.create(name, args);
    this.id = created?.id ?? pulumi.output(args.existing as string);
    const work = created ? this.branch(name, args, created, DEVELOPMENT) : [];
    const files = this.seed(name, args, work, created);
    const release = created ? this.branch(name, args, created, MAIN, files) : [];
    if (created) this.letComment(name, args, created);
    this.content = [...work, ...files, ...release];
    this.registerOutputs({ id: this.id });
  }

  private create(name: string, { project, settings, secret }: RepositoryArgs): azuredevops.Git {
    const { repository, protect } = settings;
    return new azuredevops.Git(
      name,
      {
        projectId: project.id,
        name: repository.name,
        ...(startsWith(repository).includes(DEVELOPMENT)
          ? { defaultBranch: `refs/heads/${DEVELOPMENT}` }
          : {}),
        initialization:
          repository.mode === "import"
            ? {
                initType: "Import",
                sourceType: "Git",
                sourceUrl: repository.url,
                ...(repository.user && repository.secret
                  ? { username: repository.user, password: secret(repository.secret) }
                  : {}),
              }
            : { initType: "Clean" },
      },
      {
        parent: this,
        protect,
        deletedWith: project.created,
        // How it began is history; the service reads it once.
        ignoreChanges: ["initialization"],
      },
    );
  }

  /** A branch, unless the repository begins with it. */
  private branch(
    name: string,
    { settings }: RepositoryArgs,
    created: azuredevops.Git,
    branch: string,
    after: readonly pulumi.Resource[] = [],
  ): azuredevops.GitRepositoryBranch[] {
    const present = startsWith(settings.repository);
    if (present.includes(branch)) return [];
    return [
      new azuredevops.GitRepositoryBranch(
        `${name}.${branch}`,
        { repositoryId: created.id, name: branch, refBranch: `refs/heads/${present[0]}` },
        { parent: this, deletedWith: created, dependsOn: [...after] },
      ),
    ];
  }

  /**
   * Plans and previews are written to pull requests with a job's own token, which acts as the project's build
   * service and has no other right on the repository than to read it. It exists with its project, and its
   * sign-in name is the project's id: microsoft/terraform-provider-azuredevops#280, #1096, #1135.
   */
  private letComment(name: string, { project }: RepositoryArgs, created: azuredevops.Git): void {
    const { users } = azuredevops.getUsersOutput(
      { principalName: project.id, subjectTypes: ["svc"] },
      { parent: this },
    );
    new azuredevops.GitPermissions(
      `${name}.comments`,
      {
        projectId: project.id,
        repositoryId: created.id,
        principal: users.apply(buildService),
        permissions: { PullRequestContribute: "Allow" },
        // What else the build service may do is not this stack's.
        replace: false,
      },
      { parent: this, deletedWith: created },
    );
  }

  private seed(
    name: string,
    { root, seed }: RepositoryArgs,
    before: readonly pulumi.Resource[],
    created: azuredevops.Git | undefined,
  ): azuredevops.GitRepositoryFile[] {
    const files: azuredevops.GitRepositoryFile[] = [];
    for (const file of seed) {
      // One after another: each is a push, and a push that meets another one is refused.
      const after = files.slice(-1);
      files.push(
        new azuredevops.GitRepositoryFile(
          `${name}.${file}`,
          {
            repositoryId: this.id,
            branch: `refs/heads/${DEVELOPMENT}`,
            file,
            content: fs.readFileSync(path.join(root, file), "utf8"),
            commitMessage: `Begin with ${file}`,
            overwriteOnCreate: false,
          },
          {
            parent: this,
            dependsOn: [...before, ...after],
            deletedWith: created,
            // People change and delete it by pull request; the stack only found it missing once.
            ignoreChanges: ["content", "commitMessage"],
            retainOnDelete: true,
          },
        ),
      );
    }
    return files;
  }
}

function buildService([found]: readonly azuredevops.GetUsersUser[]): string {
  if (found) return found.descriptor;
  throw new pulumi.RunError(
    "devops.repository: the project has no build service yet, which comments on pull requests; " +
      "update again in a minute",
  );
}

/** Branches that a repository has from its first moment. */
function startsWith(repository: DevOpsSettings["repository"]): readonly string[] {
  return repository.mode === "import" ? repository.branches : [DEVELOPMENT];
}
