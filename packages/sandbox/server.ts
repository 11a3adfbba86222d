import * as https from "node:https";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { makeCertificate } from "./server/certificate";
import { Front } from "./server/front";
import { sandboxPerson } from "./server/principals";
import type { Scoring } from "./server/scoring";
import type { ServerSettings } from "./server/settings";
import { StateFile, writeAtomically } from "./server/stateFile";
import { defaultTenant } from "./state";

export type { RunCommand } from "./server/jobCommand";
export { sandboxPerson } from "./server/principals";
export type { ObservedWrite } from "./server/resourceManager";
export type { ServerSettings } from "./server/settings";

export interface Sandbox {
  /** `https://127.0.0.1:<port>`. */
  readonly url: string;
  /** PEM file of the certificate, new at every start. */
  readonly certificateFile: string;
  /** What a process needs to find the sandbox and to log in as the sandbox person. */
  readonly environment: Record<string, string>;
  /** The endpoints' requests so far, and how the next ones end. They live as long as the server. */
  readonly scoring: Scoring;
  close(): Promise<void>;
}

/**
 * The simulated Azure over HTTPS on 127.0.0.1; `server/front.ts` says what is served where. It lives in `stateFile`,
 * which is whole at any moment; blob bytes, certificate and the person's login lie beside it.
 */
export async function startSandbox(options: {
  readonly stateFile: string;
  readonly settings?: ServerSettings;
}): Promise<Sandbox> {
  const { settings = {} } = options;
  const stateFile = path.resolve(options.stateFile);
  const file = new StateFile(stateFile);
  const certificate = await makeCertificate();
  const server = https.createServer(certificate);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tenantId = settings.tenantId ?? defaultTenant;
  const certificateFile = `${stateFile}.pem`;
  const front = new Front(url, tenantId, file, stateFile, settings);
  server.on("request", (message, response) => void front.serve(message, response));

  const tokenFile = `${stateFile}.person`;
  writeAtomically(certificateFile, certificate.cert);
  writeAtomically(tokenFile, front.personAssertion());
  return {
    url,
    certificateFile,
    environment: {
      GENAIOPS_SANDBOX: url,
      GENAIOPS_RESOURCE_MANAGER: url,
      GENAIOPS_BLOB_ENDPOINT: `${url}/blob/{account}`,
      GENAIOPS_INSIGHTS_ENDPOINT: url,
      GENAIOPS_SCORING_ENDPOINT: `${url}/scoring/{host}`,
      AZURE_AUTHORITY_HOST: url,
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: sandboxPerson.clientId,
      AZURE_FEDERATED_TOKEN_FILE: tokenFile,
      NODE_EXTRA_CA_CERTS: certificateFile,
    },
    scoring: front.scoring,
    close: async () => {
      await front.jobs.close();
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
    },
  };
}
