#!/usr/bin/env node
require("../../typescript");
require("../main.ts");
