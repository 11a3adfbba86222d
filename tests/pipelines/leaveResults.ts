import { leaveResults } from "../register/support";

/** `<flow> <environment> <accuracy>`: what `genaiops run` and `evaluate` would leave in this folder. */
const [flow = "", environment = "", accuracy = ""] = process.argv.slice(2);
leaveResults(process.cwd(), flow, environment, Number(accuracy));
