import Module, { createRequire } from "node:module";

/**
 * Let packages load when something of them is first asked for. The SDK imports the TypeScript compiler and
 * npm's installer to send closures to dynamic providers: a third of its start-up, and no plan needs them.
 */
export function deferPackages(from: string, names: readonly string[]): void {
  const requireThere = createRequire(require.resolve(from));
  for (const name of names) {
    const file = requireThere.resolve(name);
    if (require.cache[file]) continue;
    const placeholder = new Module(file);
    placeholder.loaded = true;
    const load = () => {
      if (require.cache[file] === placeholder) delete require.cache[file];
      return requireThere(name) as Record<string | symbol, unknown>;
    };
    placeholder.exports = new Proxy(
      {},
      {
        // An importer asks for `__esModule` at once; answering without loading keeps the rest for later.
        get: (_, key) => (key === "__esModule" ? true : load()[key]),
        has: (_, key) => key in load(),
      },
    );
    require.cache[file] = placeholder;
  }
}
