/**
 * The program of a project as the engine's language host runs it: the module is loaded inside the stack,
 * and if it exports a function, that is called. A second run loads the file itself anew.
 */
export function loadProgram(file: string): () => unknown {
  return () => {
    delete require.cache[require.resolve(file)];
    const exported: unknown = require(file);
    return typeof exported === "function" ? exported() : exported;
  };
}
