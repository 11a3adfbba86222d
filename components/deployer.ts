import * as pulumi from "@pulumi/pulumi";
import type { Names } from "../config/names";
import type { Settings } from "../config/settings";
import { createUserAssigned, Grantee } from "./identity";
import type { Place } from "./place";
import type { Roles } from "./roles";

export interface DeployerArgs {
  readonly place: Place;
  readonly settings: Pick<Settings, "deployer">;
  readonly names: Pick<Names, "deployerIdentity">;
  /** Required. Ledger that its roles are granted through. */
  readonly roles: Roles;
}

/** Who deploys from pipelines: a managed identity for federation, or a service principal that exists. */
export class Deployer extends Grantee {
  readonly principalId: pulumi.Output<string>;
  /** Client id of a created identity; absent for one that exists. */
  readonly clientId?: pulumi.Output<string>;
  /** Name in Azure of a created identity; absent for one that exists. */
  readonly identityName?: pulumi.Output<string>;

  constructor(name: string, args: DeployerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("genaiops:platform:Deployer", name, args.roles, opts);
    const { place, settings, names } = args;
    if (settings.deployer.mode === "existing") {
      this.principalId = pulumi.output(settings.deployer.principalId);
      this.registerOutputs({ principalId: this.principalId });
      return;
    }
    const own = { place, identityName: names.deployerIdentity };
    const identity = createUserAssigned(name, own, { parent: this });
    this.principalId = identity.principalId;
    this.clientId = identity.clientId;
    this.identityName = identity.name;
    this.registerOutputs({ principalId: this.principalId, clientId: this.clientId });
  }
}
