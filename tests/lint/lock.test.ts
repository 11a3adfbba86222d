import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * `npm ci` refuses a lock that leaves out the binaries of other platforms, and npm leaves out of a lock
 * what the registry did not have at that moment.
 */
test("the lock names every optional dependency, also those of other platforms", () => {
  const text = readFileSync(join(__dirname, "../../package-lock.json"), "utf8");
  const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, Locked>> };
  const optional = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ path, name })),
  );
  const missing = optional.filter(
    ({ path, name }) =>
      !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
  );
  expect(optional.length).toBeGreaterThan(40);
  expect(missing).toEqual([]);
});
