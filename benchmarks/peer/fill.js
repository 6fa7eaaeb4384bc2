// node fill.js DATABASE: fill it from the standard input and print the ids.
//
// The input is {"token": "...", "people": [...], "groups": {"100": [0, 1, ...]}}, with members as
// positions in the list of people.  Everything passes through SCIMMY, in one transaction.

import {readFileSync} from "node:fs";
import {SCIMMY} from "scimmy-routers";
import {addToken, declareResources, openDatabase} from "./service.js";

const {token, people, groups} = JSON.parse(readFileSync(0, "utf-8"));
const database = openDatabase(process.argv[2]);
declareResources(database);
addToken(database, token);
for (const resource of Object.values(SCIMMY.Resources.declared())) resource.basepath("/scim/v2");

database.exec("BEGIN");
const ids = [];
for (const person of people) ids.push((await new SCIMMY.Resources.User().write(person)).id);
const groupIds = {};
for (const [size, positions] of Object.entries(groups)) {
    const members = positions.map(position => ({value: ids[position]}));
    const group = {displayName: `Group ${size}`, members};
    groupIds[size] = (await new SCIMMY.Resources.Group({excludedAttributes: "members"}).write(group)).id;
}
database.exec("COMMIT");
database.close();
console.log(JSON.stringify({people: ids, groups: groupIds}));
