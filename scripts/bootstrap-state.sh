#!/usr/bin/env bash
# Makes where Pulumi keeps a stack's state and the key of its secrets. Run once per environment, by a person
# who is logged in with `az login` and is Owner of the subscription. What exists already is left as it is: where it stops, because a role takes a
# minute to count, run it again.
set -euo pipefail

usage="usage: scripts/bootstrap-state.sh <environment> <region> <storage account> <key vault> [--dry-run]"
[ $# -ge 4 ] || { echo "$usage" >&2; exit 2; }
environment=$1 region=$2 account=$3 vault=$4
[[ $environment =~ ^[a-z][a-z0-9-]*$ ]] || { echo "environment $environment: lower-case letters, digits and hyphens" >&2; exit 2; }
[[ $account =~ ^[a-z0-9]{3,24}$ ]] || { echo "storage account $account: 3 to 24 lower-case letters or digits" >&2; exit 2; }
[[ $vault =~ ^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$ ]] || { echo "key vault $vault: 3 to 24 letters, digits and hyphens" >&2; exit 2; }
case ${5:-} in
  "")
    run() { "$@"; }
    there() { "$@" --output none 2> /dev/null; }
    ;;
  --dry-run)
    run() { printf '%q ' "$@"; echo; }
    there() { false; }
    ;;
  *) echo "$usage" >&2; exit 2 ;;
esac

group=rg-genaiops-state-$environment
if [ "${5:-}" = --dry-run ]; then
  person='<you>' scope='/subscriptions/<subscription>'
else
  person=$(az ad signed-in-user show --query id --output tsv)
  scope=/subscriptions/$(az account show --query id --output tsv)
fi
scope=$scope/resourceGroups/$group

run az group create --name "$group" --location "$region" --output none
run az storage account create --name "$account" --resource-group "$group" --location "$region" \
  --sku Standard_ZRS --kind StorageV2 --min-tls-version TLS1_2 --https-only true \
  --allow-blob-public-access false --allow-shared-key-access false --output none
run az storage account blob-service-properties update --account-name "$account" --resource-group "$group" \
  --enable-versioning true --enable-delete-retention true --delete-retention-days 30 \
  --enable-container-delete-retention true --container-delete-retention-days 30 --output none
there az keyvault show --name "$vault" --resource-group "$group" ||
  run az keyvault create --name "$vault" --resource-group "$group" --location "$region" \
    --enable-rbac-authorization true --enable-purge-protection true --retention-days 90 --output none
run az role assignment create --assignee-object-id "$person" --assignee-principal-type User \
  --role 'Storage Blob Data Contributor' --scope "$scope" --output none
run az role assignment create --assignee-object-id "$person" --assignee-principal-type User \
  --role 'Key Vault Crypto Officer' --scope "$scope" --output none
run az storage container-rm create --name pulumi --storage-account "$account" --resource-group "$group" --output none
# A second version of the key would be a key that nothing is encrypted with.
there az keyvault key show --vault-name "$vault" --name pulumi ||
  run az keyvault key create --vault-name "$vault" --name pulumi --kty RSA --size 3072 \
    --ops encrypt decrypt wrapKey unwrapKey --output none
export PULUMI_BACKEND_URL="azblob://pulumi?storage_account=$account"
run pulumi stack init "$environment" --secrets-provider "azurekeyvault://$vault.vault.azure.net/keys/pulumi"
