import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config/settings";
import { createUserAssigned, Grantee, type IdentityArgs } from "./identity";

export interface DeployerArgs extends IdentityArgs {
  readonly settings: Settings["deployer"];
}

/** Who deploys from pipelines: a managed identity for federation, or a service principal that exists. */
export class Deployer extends Grantee {
  readonly principalId: pulumi.Output<string>;
  /** Client id of a created identity; absent for one that exists. */
  readonly clientId?: pulumi.Output<string>;

  constructor(name: string, args: DeployerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:Deployer", name, args.roles, opts);
    if (args.settings.mode === "existing") {
      this.principalId = pulumi.output(args.settings.principalId);
      this.registerOutputs({ principalId: this.principalId });
      return;
    }
    const identity = createUserAssigned(name, args, { parent: this });
    this.principalId = identity.principalId;
    this.clientId = identity.clientId;
    this.registerOutputs({ principalId: this.principalId, clientId: this.clientId });
  }
}
