/**
 * The part of Pulumi's public Azure DevOps SDK that this project uses, under the same names: the
 * public package takes its place by one line in package.json.
 */
import * as types from "./types";

export * from "./agents";
export * from "./checks";
export { config } from "./config";
export * from "./connection";
export * from "./identities";
export * from "./library";
export * from "./lookupsAgents";
export * from "./lookupsDirectory";
export * from "./lookupsIdentity";
export * from "./lookupsProject";
export * from "./permissions";
export * from "./pipelines";
export * from "./policies";
export * from "./project";
export { Provider } from "./provider";
export type { ProviderArgs } from "./provider";
export * from "./repository";
export { types };
