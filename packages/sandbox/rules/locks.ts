import { covers, key } from "../ids";
import { valueAt } from "../paths";
import { refuse, type Rule } from "./rule";

const token = "azure-native:authorization:ManagementLockByScope";

/**
 * CanNotDelete refuses deletes, ReadOnly all writes, of the scope and everything below it; a delete is also
 * refused by a lock further down: learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 */
export const locked =
  (request: "write" | "delete"): Rule =>
  ({ id, all, token: own }) => {
    if (own === token) return undefined;
    const lock = all(token).find(({ id: lockId, body }) => {
      const scope = lockId.slice(
        0,
        key(lockId).lastIndexOf("/providers/microsoft.authorization/locks/"),
      );
      if (request === "write")
        return valueAt(body, "properties.level") === "ReadOnly" && covers(scope, id);
      return covers(scope, id) || covers(id, scope);
    });
    return (
      lock &&
      refuse(
        409,
        "ScopeLocked",
        `The scope '${id}' cannot perform ${request} operation because the following scope(s) are locked: '${lock.id}'. Please remove the lock and try again.`,
      )
    );
  };
