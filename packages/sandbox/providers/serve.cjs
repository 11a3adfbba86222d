/** Starts the simulated provider of the file that the first argument names; the engine runs `pulumi-resource-<name>`. */
require("../../typescript");
const { serve } = require("../../provider/serve.ts");
const { provider } = require(`./${process.argv[2]}.ts`);
void serve(provider());
