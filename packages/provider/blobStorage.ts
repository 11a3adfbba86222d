import { ContainerClient, RestError } from "@azure/storage-blob";
import type { Folder } from "./blobRules";
import type { Cloud } from "./cloud";
import { isAbort, paceOf, pause, trust, unreachable } from "./pipeline";
import { pluginName, pluginVersion } from "./tokens";
import { UserError } from "./userError";

/** A container, reached with Entra tokens alone. */
export function containerOf(
  cloud: Cloud,
  { account, container }: Pick<Folder, "account" | "container">,
): ContainerClient {
  return new ContainerClient(
    `${cloud.blobEndpoint(account)}/${container}`,
    cloud.credential,
    optionsOf(cloud),
  );
}

/** A container that an address with a signature opens. The signature is a secret: say `addressOf` it. */
export function signedContainer(cloud: Cloud, sasUri: string): ContainerClient {
  return new ContainerClient(sasUri, undefined, optionsOf(cloud));
}

/** Address without a signature. */
export const addressOf = ({ url }: { readonly url: string }) => url.split("?")[0] as string;

const optionsOf = (cloud: Cloud) => ({
  ...trust(cloud),
  userAgentOptions: { userAgentPrefix: `${pluginName}/${pluginVersion}` },
  retryOptions: { maxTries: 6, retryDelayInMs: paceOf(cloud).retry, maxRetryDelayInMs: 60_000 },
});

export const isCode = (error: unknown, code: string): error is RestError =>
  error instanceof RestError && (error.code === code || headerCode(error) === code);

/** An answer to HEAD has no body, so its code stands in a header. */
const headerCode = (error: RestError) => error.response?.headers.get("x-ms-error-code");

/**
 * Role assignments reach a storage account minutes after they were made (learn.microsoft.com, RBAC troubleshooting).
 */
const waitsForRole = 30;

/** Tries again while the role that this same deployment has just granted is not there yet. */
export async function whenAllowed<Result>(
  work: () => Promise<Result>,
  cloud: Cloud,
  signal?: AbortSignal,
): Promise<Result> {
  for (let waited = 1; ; waited++) {
    try {
      return await work();
    } catch (error) {
      if (!isCode(error, "AuthorizationPermissionMismatch") || waited > waitsForRole) throw error;
      await pause(paceOf(cloud).conflict * 2, signal);
    }
  }
}

/** Puts what storage answers into words. */
export async function explained<Result>(
  container: ContainerClient,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isAbort(error)) {
      throw new UserError(
        `${addressOf(container)}: cancelled while sending files; those sent are kept and not sent again`,
      );
    }
    if (!(error instanceof RestError) || !error.statusCode)
      throw unreachable(error, addressOf(container));
    const code = headerCode(error) ?? error.code ?? "";
    throw new UserError(
      `cannot store files in ${addressOf(container)}\nAzure answered ${error.statusCode} ${code}: ${firstLine(error.message)}\n${advice(error.statusCode, code)}`,
    );
  }
}

function advice(status: number, code: string): string {
  if (status === 403) {
    return "Grant the identity that runs this the role Storage Blob Data Contributor on the account, and let this machine through the account's firewall. A role just granted works after some minutes.";
  }
  if (code === "ContainerNotFound") return "Create the container first.";
  if (status === 401)
    return "Log in again (`az login`) with an account of the tenant of this storage account.";
  return "Mend what Azure names, then run this again; nothing is sent twice.";
}

const firstLine = (text: string) => text.split("\n")[0]!;
