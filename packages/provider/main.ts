import path from "node:path";
import { cloudFromEnvironment } from "./cloud";
import { genaiops } from "./provider";
import { serve } from "./serve";

/** The repository that this provider belongs to; `GENAIOPS_ROOT` names another one. */
const root = process.env["GENAIOPS_ROOT"] ?? path.resolve(__dirname, "../..");

void serve(genaiops(cloudFromEnvironment(), root));
