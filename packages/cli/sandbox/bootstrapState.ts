import { Azure } from "../../sandbox/azure";
import { StateFile } from "../../sandbox/server/stateFile";
import { apiVersion } from "../../sandbox/translate";

/** Where a stack says that Pulumi's state lies: `devops.state` of its settings. */
export interface StatePlace {
  readonly resourceGroup: string;
  readonly storageAccount: string;
  readonly keyVault: string;
}

interface Tenancy {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly location: string;
}

/**
 * What scripts/bootstrap-state.sh made before the first update, as far as the stack grants roles on it. The
 * engine of a sandbox keeps its own state in a folder.
 */
export function bootstrapState(stateFile: string, state: StatePlace, tenancy: Tenancy): void {
  const { subscriptionId, tenantId, location } = tenancy;
  const file = new StateFile(stateFile);
  const azure = new Azure(file.state.azure, { tenantId, polls: 0 });
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${state.resourceGroup}`;
  const make = (id: string, token: string, body: object) => {
    const path = `${id}?api-version=${apiVersion(token)}`;
    if (azure.request({ method: "GET", path }).status === 200) return;
    const { status, body: answer } = azure.request({
      method: "PUT",
      path,
      body: { location, ...body },
    });
    if (status >= 400) throw new Error(`${id} is refused: ${JSON.stringify(answer)}`);
  };
  make(group, "azure-native:resources:ResourceGroup", {});
  make(
    `${group}/providers/Microsoft.Storage/storageAccounts/${state.storageAccount}`,
    "azure-native:storage:StorageAccount",
    {
      kind: "StorageV2",
      sku: { name: "Standard_ZRS" },
      properties: {
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        minimumTlsVersion: "TLS1_2",
        supportsHttpsTrafficOnly: true,
      },
    },
  );
  make(
    `${group}/providers/Microsoft.KeyVault/vaults/${state.keyVault}`,
    "azure-native:keyvault:Vault",
    {
      properties: {
        tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enablePurgeProtection: true,
        softDeleteRetentionInDays: 90,
      },
    },
  );
  file.save();
}
