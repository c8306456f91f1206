// Print what Redocly's recommended rules say of a description, a line for each problem. t/clients.t runs this.
import {createConfig, lint} from "@redocly/openapi-core";

const config = await createConfig({extends: ["recommended"]});
for (const {severity, ruleId, message, location} of await lint({ref: process.argv[2], config}))
    console.log(severity, ruleId, message, location[0].pointer);
