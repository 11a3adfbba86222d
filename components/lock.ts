import * as authorization from "@pulumi/azure-native/authorization";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Refuse, in Azure itself, to delete what holds data. The lock never carries `protect`: switching
 * protection off must be able to take it away. Azure also keeps everything below a locked resource, and
 * the role assignments on it, from being deleted (learn.microsoft.com/azure/azure-resource-manager/
 * management/lock-resources), which is why a workspace, with its endpoints below it, gets none.
 */
export function lock(
  name: string,
  resource: pulumi.CustomResource,
  opts: pulumi.CustomResourceOptions,
): authorization.ManagementLockByScope {
  return new authorization.ManagementLockByScope(
    name,
    {
      scope: resource.id,
      lockName: "holds-data",
      level: "CanNotDelete",
      notes: "Holds data. Switch `protect` off in the stack's settings to remove this lock.",
    },
    { ...opts, protect: false },
  );
}
