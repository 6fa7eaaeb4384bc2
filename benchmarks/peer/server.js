// node server.js DATABASE: serve it on a free port and print the port.

import {declareResources, makeApp, openDatabase} from "./service.js";

const database = openDatabase(process.argv[2]);
declareResources(database);
const listener = makeApp(database).listen(0, "127.0.0.1", () => {
    console.log(`Listening on http://127.0.0.1:${listener.address().port}`);
});
process.on("SIGTERM", () => {
    database.close();
    process.exit();
});
