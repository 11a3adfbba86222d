/** The nested blocks, as a program writes them and as the service answers them. */
import * as input from "./input";
import * as output from "./output";

export { input, output };
