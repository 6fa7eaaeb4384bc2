// A SCIM service provider made of SCIMMY, scimmy-routers and SQLite.
//
// Filters that have an index, and pages, are left to SQLite; everything else is SCIMMY's.

import {createHash, randomUUID, timingSafeEqual} from "node:crypto";
import Database from "better-sqlite3";
import express from "express";
import SCIMMYRouters, {SCIMMY} from "scimmy-routers";

const SCHEMA = `
    CREATE TABLE IF NOT EXISTS tokens (digest BLOB PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS users (
        id TEXT PRIMARY KEY, user_name TEXT NOT NULL UNIQUE, external_id TEXT, work_email TEXT,
        document TEXT NOT NULL, created TEXT NOT NULL, modified TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS users_external_id ON users (external_id);
    CREATE INDEX IF NOT EXISTS users_work_email ON users (work_email);
    CREATE TABLE IF NOT EXISTS groups (
        id TEXT PRIMARY KEY, display_name TEXT NOT NULL UNIQUE, external_id TEXT,
        document TEXT NOT NULL, created TEXT NOT NULL, modified TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS groups_external_id ON groups (external_id);
    CREATE TABLE IF NOT EXISTS memberships (
        group_id TEXT NOT NULL REFERENCES groups ON DELETE CASCADE,
        user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
        PRIMARY KEY (group_id, user_id)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS memberships_user_id ON memberships (user_id);
`;

export function openDatabase(path) {
    const database = new Database(path);
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    database.pragma("foreign_keys = ON");
    database.exec(SCHEMA);
    return database;
}

const fold = text => text?.toLowerCase() ?? null;
const isEqual = (expression) => Array.isArray(expression) && expression[0] === "eq" && expression.length === 2;

// The indexed columns of a filter's one expression, with their values; null for any other filter.
function findColumns(filter, indexed) {
    if (filter?.length !== 1) return null;
    const found = [];
    for (const [name, expression] of Object.entries(filter[0])) {
        const column = indexed(name, expression);
        if (column === null) return null;
        found.push(column);
    }
    return found;
}

function indexedUserColumn(name, expression) {
    if (name === "emails" && Object.keys(expression).length === 2 && isEqual(expression.type)
        && expression.type[1] === "work" && isEqual(expression.value))
        return ["work_email = ?", fold(expression.value[1])];
    if (!isEqual(expression)) return null;
    if (name === "id") return ["id = ?", expression[1]];
    if (name === "userName") return ["user_name = ?", fold(expression[1])];
    if (name === "externalId") return ["external_id = ?", expression[1]];
    return null;
}

function indexedGroupColumn(name, expression) {
    const member = "EXISTS (SELECT 1 FROM memberships WHERE group_id = groups.id AND user_id = ?)";
    if (name === "members") {
        const value = isEqual(expression) ? expression : expression.value;
        return isEqual(value) ? [member, value[1]] : null;
    }
    if (!isEqual(expression)) return null;
    if (name === "id") return ["id = ?", expression[1]];
    if (name === "displayName") return ["display_name = ?", fold(expression[1])];
    if (name === "externalId") return ["external_id = ?", expression[1]];
    return null;
}

// Prepares each statement once.
function cache(database) {
    const statements = new Map();
    return sql => {
        if (!statements.has(sql)) statements.set(sql, database.prepare(sql));
        return statements.get(sql);
    };
}

function toResource(row) {
    return {...JSON.parse(row.document), id: row.id, meta: {created: row.created, lastModified: row.modified}};
}

function toDocument(instance) {
    const {id, meta, schemas, groups, members, ...document} = JSON.parse(JSON.stringify(instance));
    return JSON.stringify(document);
}

// Returns the rows that a request asks for: by id, by an indexed filter, a page, or all that match.
function select(prepare, table, resource, indexed) {
    const {id, filter, constraints} = resource;
    if (id !== undefined) {
        const row = prepare(`SELECT * FROM ${table} WHERE id = ?`).get(id);
        if (row === undefined) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
        return [row];
    }
    const columns = filter === undefined ? [] : findColumns(filter, indexed);
    if (columns === null || constraints?.sortBy !== undefined) {
        const rows = prepare(`SELECT * FROM ${table} ORDER BY rowid`).all();
        return filter === undefined ? rows : rows.filter(row => filter.match([toResource(row)]).length);
    }
    const where = columns.length ? ` WHERE ${columns.map(([sql]) => sql).join(" AND ")}` : "";
    const values = columns.map(([, value]) => value);
    const {startIndex: start = 1, count = 20} = constraints ?? {};
    // SCIMMY itself skips to startIndex in a list that is at least as long.
    const [limit, offset] = start > count ? [count, start - 1] : [start - 1 + count, 0];
    const rows = prepare(`SELECT * FROM ${table}${where} ORDER BY rowid LIMIT ? OFFSET ?`).all(...values, limit, offset);
    const total = rows.length < limit && (rows.length || !offset)
        ? offset + rows.length
        : prepare(`SELECT COUNT(*) FROM ${table}${where}`).pluck().get(...values);
    resource.constraints = {...constraints, totalResults: total};
    return rows;
}

// Translates the refusal of a second row with the same name.
function translate(action) {
    try {
        return action();
    } catch (error) {
        if (error.code?.startsWith("SQLITE_CONSTRAINT"))
            throw new SCIMMY.Types.Error(409, "uniqueness", "Another resource has this name.");
        throw error;
    }
}

function declareUsers(database) {
    const prepare = cache(database);
    const groupsOf = prepare(`SELECT m.user_id, g.id AS value, json_extract(g.document, '$.displayName') AS display
        FROM memberships m JOIN groups g ON g.id = m.group_id WHERE m.user_id IN (SELECT value FROM json_each(?))`);
    const insert = prepare("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?)");
    const update = prepare(`UPDATE users SET user_name = ?, external_id = ?, work_email = ?, document = ?, modified = ?
        WHERE id = ? RETURNING *`);

    function toUsers(rows) {
        const groups = new Map();
        for (const {user_id, ...group} of groupsOf.iterate(JSON.stringify(rows.map(row => row.id))))
            groups.set(user_id, [...groups.get(user_id) ?? [], {...group, type: "direct"}]);
        return rows.map(row => ({...toResource(row), groups: groups.get(row.id)}));
    }

    SCIMMY.Resources.declare(SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false))
        .egress(resource => toUsers(select(prepare, "users", resource, indexedUserColumn)))
        .ingress((resource, user) => translate(() => {
            const email = user.emails?.find(each => each.type === "work")?.value;
            const columns = [fold(user.userName), user.externalId ?? null, fold(email), toDocument(user)];
            const now = new Date().toISOString();
            if (resource.id === undefined) {
                const [id, document] = [randomUUID(), columns.at(-1)];
                insert.run(id, ...columns, now, now);
                return toResource({id, document, created: now, modified: now});
            }
            const row = update.get(...columns, now, resource.id);
            if (row === undefined) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`);
            return toUsers([row])[0];
        }))
        .degress(resource => { prepare("DELETE FROM users WHERE id = ?").run(resource.id); });
}

function declareGroups(database) {
    const prepare = cache(database);
    const membersOf = prepare(`SELECT u.id AS value, json_extract(u.document, '$.displayName') AS display
        FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.group_id = ?`);
    const idsOf = prepare("SELECT user_id FROM memberships WHERE group_id = ?").pluck();
    const add = prepare("INSERT INTO memberships VALUES (?, ?)");
    const remove = prepare("DELETE FROM memberships WHERE group_id = ? AND user_id = ?");
    const insert = prepare("INSERT INTO groups VALUES (?, ?, ?, ?, ?, ?)");
    const update = prepare(`UPDATE groups SET display_name = ?, external_id = ?, document = ?, modified = ?
        WHERE id = ?`);

    const needsMembers = resource =>
        !resource.attributes?.some(each => Object.keys(each).some(name => name === "members" && each.members[0] === "np"));
    const toGroup = (row, resource) => ({
        ...toResource(row),
        members: needsMembers(resource) ? membersOf.all(row.id).map(each => ({...each, type: "User"})) : undefined,
    });

    // Inserts and deletes only the rows that differ.
    function storeMembers(groupId, members) {
        const wanted = new Set(members.map(each => each.value));
        for (const userId of idsOf.all(groupId))
            if (!wanted.delete(userId)) remove.run(groupId, userId);
        for (const userId of wanted) add.run(groupId, userId);
    }

    const store = database.transaction((resource, group) => {
        const columns = [fold(group.displayName), group.externalId ?? null, toDocument(group)];
        const id = resource.id ?? randomUUID();
        const now = new Date().toISOString();
        if (resource.id === undefined) insert.run(id, ...columns, now, now);
        else update.run(...columns, now, id);
        storeMembers(id, group.members ?? []);
        return toGroup(prepare("SELECT * FROM groups WHERE id = ?").get(id), resource);
    });

    SCIMMY.Resources.declare(SCIMMY.Resources.Group)
        .egress(resource => select(prepare, "groups", resource, indexedGroupColumn).map(row => toGroup(row, resource)))
        .ingress((resource, group) => translate(() => store.immediate(resource, group)))
        .degress(resource => { prepare("DELETE FROM groups WHERE id = ?").run(resource.id); });
}

export function declareResources(database) {
    declareUsers(database);
    declareGroups(database);
}

const digest = secret => createHash("sha256").update(secret).digest();

export function addToken(database, secret) {
    database.prepare("INSERT INTO tokens VALUES (?)").run(digest(secret));
}

export function makeApp(database) {
    const find = database.prepare("SELECT digest FROM tokens WHERE digest = ?").pluck();
    const app = express();
    app.disable("x-powered-by");
    app.set("etag", false); // SCIMMY has no versions of resources
    app.use("/scim/v2", new SCIMMYRouters({
        type: "bearer",
        baseUri: request => `${request.protocol}://${request.get("Host")}`,
        handler: request => {
            const [scheme, secret] = (request.get("Authorization") ?? "").split(" ");
            const sent = digest(secret ?? "");
            const known = scheme === "Bearer" ? find.get(sent) : undefined;
            if (known === undefined || !timingSafeEqual(known, sent)) throw new Error("The token is not known.");
            return "benchmark";
        },
    }));
    return app;
}
