import { resourceClass } from "./resource";
import type { Args, State } from "./shape";

/** How a repository begins. Read at creation only. */
export interface GitInitialization {
  /**
   * Required. `Clean` (one first commit), `Import` (from `sourceUrl`), `Fork` (of
   * `parentRepositoryId`) or `Uninitialized` (no commit, refuses `defaultBranch`): in this case.
   */
  initType: string;
  /** Conditional. Secret: password for a private `sourceUrl`, beside `username`. */
  password?: string;
  /** Conditional. Connection (UUID) that reads a private `sourceUrl`, instead of a password. */
  serviceConnectionId?: string;
  /** Conditional. `Git`, the only one there is. Required if `initType` is `Import`. */
  sourceType?: string;
  /** Conditional. Address to clone from. Required if `initType` is `Import`. */
  sourceUrl?: string;
  /** Conditional. User for a private `sourceUrl`. */
  username?: string;
}

interface GitInputs {
  /**
   * Optional. Full ref, `refs/heads/development`; the branch must exist.
   * @default - the first branch of what was imported or created
   */
  defaultBranch?: string;
  /**
   * Optional. A disabled repository can be neither read nor written.
   * @default - false
   */
  disabled?: boolean;
  /** Required. How the repository begins; a change to it later is not carried out. */
  initialization: GitInitialization;
  /**
   * Optional. Unique in the project.
   * @default - the resource's name and a random suffix: set it
   */
  name?: string;
  /** Conditional. Repository (UUID) to fork. Required if `initType` is `Fork`. */
  parentRepositoryId?: string;
  /** Required. The project (UUID); a change replaces. */
  projectId: string;
}

interface GitAnswers {
  defaultBranch: string;
  name: string;
  /** Whether it was forked from another repository. */
  isFork: boolean;
  /** Address for `git clone` over HTTPS. */
  remoteUrl: string;
  /** Bytes. */
  size: number;
  /** Address for `git clone` over SSH. */
  sshUrl: string;
  /** Address of the repository in the REST API. */
  url: string;
  /** Address for a browser. */
  webUrl: string;
}

export type GitArgs = Args<GitInputs>;
export type GitState = State<GitInputs, GitAnswers>;

/** A Git repository in a project. Its id is a UUID. Destroying it destroys its history. */
export class Git extends resourceClass<GitInputs, GitAnswers>(
  "git:Git",
  {
    defaultBranch: "optional",
    disabled: "optional",
    initialization: "required",
    name: "optional",
    parentRepositoryId: "optional",
    projectId: "required",
    isFork: "computed",
    remoteUrl: "computed",
    size: "computed",
    sshUrl: "computed",
    url: "computed",
    webUrl: "computed",
  },
  { secrets: ["initialization.password"] },
) {}

interface GitRepositoryBranchInputs {
  /**
   * Optional. Short name, without `refs/heads/`; a change replaces.
   * @default - the resource's name and a random suffix: set it
   */
  name?: string;
  /** Conditional. Branch to start from. One of `refBranch`, `refTag` and `refCommitId`. */
  refBranch?: string;
  /** Conditional. Commit to start from. One of `refBranch`, `refTag` and `refCommitId`. */
  refCommitId?: string;
  /** Conditional. Tag to start from. One of `refBranch`, `refTag` and `refCommitId`. */
  refTag?: string;
  /** Required. The repository (UUID); a change replaces. */
  repositoryId: string;
}

interface GitRepositoryBranchAnswers {
  name: string;
  /** The commit that the branch points at. */
  lastCommitId: string;
}

export type GitRepositoryBranchArgs = Args<GitRepositoryBranchInputs>;
export type GitRepositoryBranchState = State<GitRepositoryBranchInputs, GitRepositoryBranchAnswers>;

/** A branch. Every change replaces it, and a replaced branch is deleted: protect what matters. */
export class GitRepositoryBranch extends resourceClass<
  GitRepositoryBranchInputs,
  GitRepositoryBranchAnswers
>("gitRepositoryBranch:GitRepositoryBranch", {
  name: "optional",
  refBranch: "optional",
  refCommitId: "optional",
  refTag: "optional",
  repositoryId: "required",
  lastCommitId: "computed",
}) {}

interface GitRepositoryFileInputs {
  /**
   * Optional. E-mail of the commit's author.
   * @default - the identity that the provider signs in with
   */
  authorEmail?: string;
  /**
   * Optional. Name of the commit's author.
   * @default - the identity that the provider signs in with
   */
  authorName?: string;
  /**
   * Optional. Full ref, `refs/heads/main`; a change replaces. A branch with policies refuses the
   * push.
   * @default - refs/heads/master
   */
  branch?: string;
  /**
   * Optional. Message of the commit.
   * @default - a sentence that names the file
   */
  commitMessage?: string;
  /**
   * Optional. E-mail of the committer.
   * @default - the identity that the provider signs in with
   */
  committerEmail?: string;
  /**
   * Optional. Name of the committer.
   * @default - the identity that the provider signs in with
   */
  committerName?: string;
  /** Required. The whole text of the file. */
  content: string;
  /** Required. Path from the root of the repository; a change replaces. */
  file: string;
  /**
   * Optional. Whether a file that is there already is overwritten instead of refused.
   * @default - false
   */
  overwriteOnCreate?: boolean;
  /** Required. The repository (UUID); a change replaces. */
  repositoryId: string;
}

interface GitRepositoryFileAnswers {
  authorEmail: string;
  authorName: string;
  commitMessage: string;
  committerEmail: string;
  committerName: string;
}

export type GitRepositoryFileArgs = Args<GitRepositoryFileInputs>;
export type GitRepositoryFileState = State<GitRepositoryFileInputs, GitRepositoryFileAnswers>;

/** A file, written by a push of one commit. Destroying it pushes a commit that deletes the file. */
export class GitRepositoryFile extends resourceClass<
  GitRepositoryFileInputs,
  GitRepositoryFileAnswers
>("gitRepositoryFile:GitRepositoryFile", {
  authorEmail: "optional",
  authorName: "optional",
  branch: "optional",
  commitMessage: "optional",
  committerEmail: "optional",
  committerName: "optional",
  content: "required",
  file: "required",
  overwriteOnCreate: "optional",
  repositoryId: "required",
}) {}
