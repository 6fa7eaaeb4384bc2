-- live token: npn_scim_X5tZejkeE18YKAqvnL430MGhZFzEJbJuWzNHdkYh9CQ3cRsSZ
-- revoked token: npn_scim_5Kn0wA8dEwmFqMsVU0jgsfWvdx5KeOJ88FJIXX2Xy6D27ucDd
PRAGMA application_id = 1313885745;
PRAGMA user_version = 0;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE blocks (
	user_id VARCHAR(36) NOT NULL, 
	kind VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	blocked_at DATETIME NOT NULL, 
	blocked_by VARCHAR NOT NULL, 
	CONSTRAINT pk_blocks PRIMARY KEY (user_id, kind, value)
);
INSERT INTO "blocks" VALUES('01a2183f-1e98-7000-887e-32969209726e','user name','mallory','2026-11-26 14:25:23.055380','command line');
INSERT INTO "blocks" VALUES('01a2183f-1d01-7000-9c1c-3d584f861a29','object ID','000000b3-1111-2222-3333-444444444444','2026-11-26 14:25:30.196160','command line');
INSERT INTO "blocks" VALUES('01a2183f-1db2-7000-82b3-c3992d4a2167','user name','no.object@example.org','2026-11-26 14:25:33.991170','command line');
CREATE TABLE conflicts (
	id VARCHAR(36) NOT NULL, 
	user_id VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	claimant VARCHAR NOT NULL, 
	claimant_object_id VARCHAR(36), 
	opened_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_conflicts PRIMARY KEY (id), 
	CONSTRAINT fk_conflicts_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_conflicts_user_id UNIQUE (user_id, reason, value)
);
INSERT INTO "conflicts" VALUES('01a2183f-1d7a-7000-b723-7bd917f29c81','01a2183f-1d58-7000-b3ef-93e88cfe6de3','shared_object_id','000000b7-1111-2222-3333-444444444444','','000000b7-1111-2222-3333-444444444444','2026-11-26 14:25:19.219469','2026-11-26 14:25:19.219469');
INSERT INTO "conflicts" VALUES('01a2183f-1d7f-7000-a489-b44804dd5c05','01a2183f-1d49-7000-be06-4e04d4847dd9','shared_object_id','000000b7-1111-2222-3333-444444444444','','000000b7-1111-2222-3333-444444444444','2026-11-26 14:25:19.229235','2026-11-26 14:25:19.229235');
INSERT INTO "conflicts" VALUES('01a2183f-4beb-7000-86af-1e16a1e5f72a','01a2183f-1ca1-7000-85e2-4444443d50e3','link_disagrees','000000e1-1111-2222-3333-444444444444','otto@example.org','000000e1-1111-2222-3333-444444444444','2026-11-26 14:25:31.109766','2026-11-26 14:25:31.224354');
CREATE TABLE deleted_people (
	user_id VARCHAR(36) NOT NULL, 
	user_name VARCHAR, 
	user_name_key VARCHAR, 
	object_id VARCHAR(36), 
	linked_object_id VARCHAR(36), 
	deleted_at DATETIME NOT NULL, 
	deleted_by VARCHAR NOT NULL, 
	CONSTRAINT pk_deleted_people PRIMARY KEY (user_id)
);
INSERT INTO "deleted_people" VALUES('01a2183f-1d8b-7000-9f8b-f042bc3b85fe','tom@example.org','tom@example.org','000000b8-1111-2222-3333-444444444444',NULL,'2026-11-26 14:25:31.416250','Entra ID');
CREATE TABLE emergency_sign_ins (
	id VARCHAR(36) NOT NULL, 
	user_name VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	address VARCHAR NOT NULL, 
	session_digest BLOB NOT NULL, 
	CONSTRAINT pk_emergency_sign_ins PRIMARY KEY (id)
);
INSERT INTO "emergency_sign_ins" VALUES('01a2183f-210a-7001-a684-cf6c7eda3c57','ada','2026-11-26 14:25:20.138636','127.0.0.1',X'8A3E5650DBC8D6DC9095C0804D41CCC92E6025C89EE6449C67756150D7744936');
CREATE TABLE groups (
	id VARCHAR(36) NOT NULL, 
	document JSON NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	modified_at DATETIME NOT NULL, 
	display_name VARCHAR NOT NULL, 
	display_name_key VARCHAR NOT NULL, 
	external_id VARCHAR, 
	CONSTRAINT pk_groups PRIMARY KEY (id), 
	CONSTRAINT uq_groups_display_name_key UNIQUE (display_name_key)
);
INSERT INTO "groups" VALUES('01a2183f-1dc1-7000-812f-3a4ea4b34d27','{"displayName": "Chief editors", "externalId": "000000c1-1111-2222-3333-444444444444"}',2,'2026-11-26 14:25:19.297356','2026-11-26 14:25:30.860307','Chief editors','chief editors','000000c1-1111-2222-3333-444444444444');
INSERT INTO "groups" VALUES('01a2183f-1dd4-7000-8e48-e40475508ea1','{"displayName": "Readers"}',6,'2026-11-26 14:25:19.316200','2026-11-26 14:25:19.386988','Readers','readers',NULL);
INSERT INTO "groups" VALUES('01a2183f-1e22-7000-8943-243154c03103','{"displayName": "Empty \u2116 1"}',1,'2026-11-26 14:25:19.394410','2026-11-26 14:25:19.394410','Empty № 1','empty no 1',NULL);
CREATE TABLE guesses (
	id VARCHAR(36) NOT NULL, 
	at FLOAT NOT NULL, 
	account VARCHAR, 
	network VARCHAR NOT NULL, 
	browser VARCHAR, 
	CONSTRAINT pk_guesses PRIMARY KEY (id)
);
INSERT INTO "guesses" VALUES('01a2183f-2038-7000-9a48-1577207e3486',1795703119.9290109,NULL,'127.0.0.1',NULL);
CREATE TABLE identities (
	user_id VARCHAR(36) NOT NULL, 
	tenant_id VARCHAR(36) NOT NULL, 
	object_id VARCHAR(36) NOT NULL, 
	subject VARCHAR NOT NULL, 
	user_name VARCHAR NOT NULL, 
	app_roles JSON NOT NULL, 
	linked_at DATETIME NOT NULL, 
	linked_by VARCHAR NOT NULL, 
	CONSTRAINT pk_identities PRIMARY KEY (user_id), 
	CONSTRAINT fk_identities_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_identities_object_id UNIQUE (object_id, tenant_id)
);
INSERT INTO "identities" VALUES('01a2183f-1cc6-7000-8f7a-97eb0cee4209','11111111-2222-3333-4444-5555aaaabbbb','0000aaaa-1111-2222-3333-444444444444','pairwise','jane@example.org','["Editor"]','2026-11-26 14:25:27.199455','externalId');
INSERT INTO "identities" VALUES('01a2183f-1ca1-7000-85e2-4444443d50e3','11111111-2222-3333-4444-5555aaaabbbb','000000b1-1111-2222-3333-444444444444','pairwise','otto@example.org','[]','2026-11-26 14:25:27.397771','externalId');
INSERT INTO "identities" VALUES('01a2183f-1d01-7000-9c1c-3d584f861a29','11111111-2222-3333-4444-5555aaaabbbb','000000b3-1111-2222-3333-444444444444','pairwise','piet@example.org','[]','2026-11-26 14:25:27.521908','externalId');
INSERT INTO "identities" VALUES('01a2183f-1d23-7000-8d3a-5cdb0c9c4936','11111111-2222-3333-4444-5555aaaabbbb','000000b5-1111-2222-3333-444444444444','pairwise','nora@example.org','[]','2026-11-26 14:25:30.922302','externalId');
INSERT INTO "identities" VALUES('01a2183f-1ea4-7000-827f-b3699071145b','11111111-2222-3333-4444-5555aaaabbbb','000000d1-1111-2222-3333-444444444444','pairwise','nadia@example.org','[]','2026-11-26 14:25:31.053783','the person themselves');
INSERT INTO "identities" VALUES('01a2183f-1ea0-7000-9958-37c84fe9b2db','11111111-2222-3333-4444-5555aaaabbbb','000000d2-1111-2222-3333-444444444444','pairwise','grace@example.org','[]','2026-11-26 14:25:31.074179','the person themselves');
CREATE TABLE "journal" (
	id VARCHAR(36) NOT NULL, 
	at DATETIME NOT NULL, 
	log VARCHAR NOT NULL, 
	event VARCHAR NOT NULL, 
	succeeded BOOLEAN DEFAULT 1 NOT NULL, 
	actor_kind VARCHAR NOT NULL, 
	actor_name VARCHAR NOT NULL, 
	address VARCHAR, 
	request_id VARCHAR, 
	target_type VARCHAR, 
	target_id VARCHAR, 
	target_name VARCHAR, 
	changes JSON, 
	facts JSON, counted_as VARCHAR, times INTEGER DEFAULT 1 NOT NULL, last_at DATETIME, 
	CONSTRAINT pk_journal PRIMARY KEY (id)
);
INSERT INTO "journal" VALUES('01a2183e-f84a-7000-9d63-1284217640c7','2026-11-26 14:25:09.706234','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183e-f841-7000-8b25-98e016c04063','ada','[{"attribute": "userName", "new": "ada"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-0868-7000-8842-04394417a55f','2026-11-26 14:25:13.832174','audit','token.issued',1,'command line','command line',NULL,NULL,'Token','01a2183f-0866-7000-8b63-c9de0910a5ab','npn_scim_X5tZ…sSZ',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-175c-7000-98cc-977f481b1cde','2026-11-26 14:25:17.660827','audit','token.issued',1,'command line','command line',NULL,NULL,'Token','01a2183f-175b-7000-bc1c-884d66857974','npn_scim_5Kn0…cDd',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1caa-7000-9d16-ccd30664fe1c','2026-11-26 14:25:19.018183','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1c86-7000-97ce-53de28fbb042','User','01a2183f-1ca1-7000-85e2-4444443d50e3','otto@example.org','[{"attribute": "userName", "new": "otto@example.org"}, {"attribute": "externalId", "new": "000000b1-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "otto@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Otto Visser"}, {"attribute": "title", "new": "Head of News"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1cca-7000-932c-fad340c3adbe','2026-11-26 14:25:19.051054','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1cc3-7000-9b58-5e12c4c99781','User','01a2183f-1cc6-7000-8f7a-97eb0cee4209','jane@example.org','[{"attribute": "userName", "new": "jane@example.org"}, {"attribute": "externalId", "new": "0000aaaa-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "jane@example.org", "primary": true}]}, {"attribute": "name", "new": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}}, {"attribute": "displayName", "new": "Jane Bakker"}, {"attribute": "preferredLanguage", "new": "nl-NL"}, {"attribute": "phoneNumbers", "new": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}]}, {"attribute": "addresses", "new": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}]}, {"attribute": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "new": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a2183f-1ca1-7000-85e2-4444443d50e3"}}}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1cde-7000-8917-9a185046c69b','2026-11-26 14:25:19.070608','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1cd6-7000-897a-fed07649abe1','User','01a2183f-1cdd-7000-befd-ccca684bdafa','maria@example.org','[{"attribute": "userName", "new": "maria@example.org"}, {"attribute": "externalId", "new": "000000b2-1111-2222-3333-444444444444"}, {"attribute": "active", "new": false}, {"attribute": "emails", "new": [{"type": "work", "value": "maria@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Maria N\u00fa\u00f1ez"}]','{"is_active": false}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1cef-7000-b3a3-0c3703d78df3','2026-11-26 14:25:19.087640','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1ceb-7000-8aae-3e82ba3e0d43','User','01a2183f-1cee-7000-9d0f-c57d5667ad6b','zoë@example.org','[{"attribute": "userName", "new": "zo\u00eb@example.org"}, {"attribute": "externalId", "new": "zoe"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}]}, {"attribute": "displayName", "new": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1d01-7001-a036-53f85a52ece2','2026-11-26 14:25:19.105818','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1cfe-7000-9d7e-e8d72f450184','User','01a2183f-1d01-7000-9c1c-3d584f861a29','piet@example.org','[{"attribute": "userName", "new": "piet@example.org"}, {"attribute": "externalId", "new": "000000b3-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "piet@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Piet de Wit"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1d10-7000-9502-164f7370ef3b','2026-11-26 14:25:19.120807','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1d0a-7000-a7ae-1b7013f21213','User','01a2183f-1d0f-7000-96bf-270bd7f75988','kofi@example.org','[{"attribute": "userName", "new": "kofi@example.org"}, {"attribute": "externalId", "new": "000000B4-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "kofi@example.org", "primary": true}]}, {"attribute": "roles", "new": [{"value": "Editor", "display": "Editor", "primary": true}]}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1d24-7000-bbce-6fdf1b2485c1','2026-11-26 14:25:19.140665','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1d1f-7000-823c-3efc7ccf75e6','User','01a2183f-1d23-7000-8d3a-5cdb0c9c4936','nora@example.org','[{"attribute": "userName", "new": "nora@example.org"}, {"attribute": "externalId", "new": "000000b5-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "nora@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Nora Chief"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1d36-7000-94d5-fe464c55c85b','2026-11-26 14:25:19.158422','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1d32-7000-9b3b-29491ee992a4','User','01a2183f-1d35-7000-86a4-17de4e096786','аda@example.org','[{"attribute": "userName", "new": "\u0430da@example.org"}, {"attribute": "externalId", "new": "000000b6-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "ada@example.org", "primary": true}]}, {"attribute": "displayName", "new": "A\u202eda"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1d49-7001-9dc5-8deac84fff68','2026-11-26 14:25:19.178028','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1d42-7000-9ea5-32a9d078722d','User','01a2183f-1d49-7000-be06-4e04d4847dd9','lea@example.org','[{"attribute": "userName", "new": "lea@example.org"}, {"attribute": "externalId", "new": "000000b7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1d59-7000-84fa-d2f3c5a606c4','2026-11-26 14:25:19.193297','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1d51-7000-b660-0aa59ebb6e12','User','01a2183f-1d58-7000-b3ef-93e88cfe6de3','lea.de.vries@example.org','[{"attribute": "userName", "new": "lea.de.vries@example.org"}, {"attribute": "externalId", "new": "000000B7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea 2"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1d7c-7000-a259-c2c57bc2f35f','2026-11-26 14:25:19.228776','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a2183f-1d51-7000-b660-0aa59ebb6e12','User','01a2183f-1d58-7000-b3ef-93e88cfe6de3','lea.de.vries@example.org',NULL,'{"reason": "shared_object_id", "value": "000000b7-1111-2222-3333-444444444444", "claimant": ""}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1d7f-7001-8c74-d76e2e123591','2026-11-26 14:25:19.231720','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a2183f-1d51-7000-b660-0aa59ebb6e12','User','01a2183f-1d49-7000-be06-4e04d4847dd9','lea@example.org',NULL,'{"reason": "shared_object_id", "value": "000000b7-1111-2222-3333-444444444444", "claimant": ""}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1d8c-7000-8a6a-ed860d00880b','2026-11-26 14:25:19.244541','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1d85-7000-8fc8-30098577e106','User','01a2183f-1d8b-7000-9f8b-f042bc3b85fe','tom@example.org','[{"attribute": "userName", "new": "tom@example.org"}, {"attribute": "externalId", "new": "000000b8-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "tom@example.org", "primary": true}]}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1d9d-7000-9460-e257064b7b3b','2026-11-26 14:25:19.261352','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1d9a-7000-9c30-c89757536a52','User','01a2183f-1d9c-7000-807b-772e7120812f','wim@example.org','[{"attribute": "userName", "new": "wim@example.org"}, {"attribute": "externalId", "new": "000000b9-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "wim@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Wim"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1db3-7000-90a2-5202fb160249','2026-11-26 14:25:19.283235','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1dac-7000-92c5-b99fff830797','User','01a2183f-1db2-7000-82b3-c3992d4a2167','no.object@example.org','[{"attribute": "userName", "new": "no.object@example.org"}, {"attribute": "externalId", "new": "someone"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "no.object@example.org", "primary": true}]}, {"attribute": "displayName", "new": "No Object"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1dc8-7000-a815-a307d2bab6e8','2026-11-26 14:25:19.304631','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1dbe-7000-93ed-f57dee6c5cab','Group','01a2183f-1dc1-7000-812f-3a4ea4b34d27','Chief editors','[{"attribute": "displayName", "new": "Chief editors"}, {"attribute": "externalId", "new": "000000c1-1111-2222-3333-444444444444"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1dd4-7001-99a7-8dd71215f202','2026-11-26 14:25:19.317030','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1dd1-7000-abc9-5f780b6f43ab','Group','01a2183f-1dd4-7000-8e48-e40475508ea1','Readers','[{"attribute": "displayName", "new": "Readers"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1df2-7000-a533-ad4f62ed645e','2026-11-26 14:25:19.346512','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1de8-7000-b166-e9e863dec018','Group','01a2183f-1dd4-7000-8e48-e40475508ea1','Readers','[{"attribute": "members", "new": "01a2183f-1cc6-7000-8f7a-97eb0cee4209"}]','{"names": ["Jane Bakker"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1e02-7000-82af-ac92c9a8a35c','2026-11-26 14:25:19.363005','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1dfc-7000-bd56-30ca78954866','Group','01a2183f-1dd4-7000-8e48-e40475508ea1','Readers','[{"attribute": "members", "new": "01a2183f-1ca1-7000-85e2-4444443d50e3"}]','{"names": ["Otto Visser"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1e0f-7000-9d81-819de610aaaa','2026-11-26 14:25:19.375723','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1e09-7000-8b88-af5964d3e029','Group','01a2183f-1dd4-7000-8e48-e40475508ea1','Readers','[{"attribute": "members", "new": "01a2183f-1cee-7000-9d0f-c57d5667ad6b"}]','{"names": ["Zo\u00eb O''Neil; \"Z\" de Boer"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1e1b-7000-99f5-acc289602f7f','2026-11-26 14:25:19.387242','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1e18-7000-877b-ccd233a9a17f','Group','01a2183f-1dd4-7000-8e48-e40475508ea1','Readers','[{"attribute": "members", "new": "01a2183f-1d8b-7000-9f8b-f042bc3b85fe"}]','{"names": ["tom@example.org"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1e27-7000-ab3b-0c15ab8a57b7','2026-11-26 14:25:19.399647','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1e20-7000-af4d-c4fff1c0b46b','Group','01a2183f-1e22-7000-8943-243154c03103','Empty № 1','[{"attribute": "displayName", "new": "Empty \u2116 1"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1e34-7000-ba68-8951946beb82','2026-11-26 14:25:19.412037','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1e2d-7000-bafc-464990620722','Group','01a2183f-1e33-7000-b168-5cc1b672b88b','Gone','[{"attribute": "displayName", "new": "Gone"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1e3f-7000-bf2f-47d17e04294f','2026-11-26 14:25:19.423058','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1e3c-7000-9c0a-d0d9f543a6f6','Group','01a2183f-1e33-7000-b168-5cc1b672b88b','Gone','[{"attribute": "members", "new": "01a2183f-1cc6-7000-8f7a-97eb0cee4209"}]','{"names": ["Jane Bakker"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1e49-7000-943c-7b5d6f36c415','2026-11-26 14:25:19.433931','provisioning','group.deleted',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1e44-7000-9afe-3bf0883e5113','Group','01a2183f-1e33-7000-b168-5cc1b672b88b','Gone',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1e5c-7000-b665-ad33b7a5afa4','2026-11-26 14:25:19.452281','provisioning','person.disabled',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1e50-7000-8efc-e30507c017d1','User','01a2183f-1d0f-7000-96bf-270bd7f75988','kofi@example.org','[{"attribute": "active", "old": true, "new": false}]','{"attributes": ["active"], "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1e6f-7000-95d7-3d4ecd82e012','2026-11-26 14:25:19.471299','provisioning','person.disabled',1,'SCIM','Entra ID','127.0.0.1','01a2183f-1e65-7000-b5bc-b7cd8a9db28a','User','01a2183f-1d9c-7000-807b-772e7120812f','wim@example.org','[{"attribute": "active", "old": true, "new": false}]','{"attributes": ["active"], "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1e81-7000-982d-a68bc90814f4','2026-11-26 14:25:19.489945','provisioning','token.refused',0,'SCIM','','127.0.0.1',NULL,NULL,NULL,NULL,NULL,'{"reason": "This is only part of a token (17 of 58 characters)."}','2026-11-26T14:15/token.refused/085f621087474d34c3e784135228b1c7',1,'2026-11-26 14:25:19.489945');
INSERT INTO "journal" VALUES('01a2183f-1e91-7000-aa69-a215bf78cbc3','2026-11-26 14:25:19.505838','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183f-1e90-7000-8609-4b9a9d551ed7','linus','[{"attribute": "userName", "new": "linus"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1e99-7000-b3e9-572ce1c98231','2026-11-26 14:25:19.513476','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183f-1e98-7000-887e-32969209726e','mallory','[{"attribute": "userName", "new": "mallory"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1ea0-7001-bf8c-009023835739','2026-11-26 14:25:19.521023','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183f-1ea0-7000-9958-37c84fe9b2db','grace@elsewhere.example','[{"attribute": "userName", "new": "grace@elsewhere.example"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1ea5-7000-be55-4bfccdd9fc4c','2026-11-26 14:25:19.525275','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183f-1ea4-7000-827f-b3699071145b','nadia@example.org','[{"attribute": "userName", "new": "nadia@example.org"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-1fcc-7000-a7ad-ea37e0f927b8','2026-11-26 14:25:19.820202','audit','sign_in.local',1,'person','linus','127.0.0.1',NULL,'User','01a2183f-1e90-7000-8609-4b9a9d551ed7','linus',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-2086-7000-9153-6a993e89d8fd','2026-11-26 14:25:20.006939','audit','sign_in.failed',0,'visitor','','127.0.0.1',NULL,'User','01a2183f-1e90-7000-8609-4b9a9d551ed7','linus',NULL,NULL,'2026-11-26T14:15/sign_in.failed/0f57a3a791fc2fcfd40a2909baa5944e',1,'2026-11-26 14:25:20.006939');
INSERT INTO "journal" VALUES('01a2183f-210a-7000-8ccf-f64ec060bfe8','2026-11-26 14:25:20.138315','audit','sign_in.emergency',1,'person','ada','127.0.0.1',NULL,'User','01a2183e-f841-7000-8b25-98e016c04063','ada',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-2c71-7000-8872-61640224af8b','2026-11-26 14:25:23.057101','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a2183f-1e98-7000-887e-32969209726e','mallory',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-3c57-7000-8cf9-f903f779413e','2026-11-26 14:25:27.127927','audit','settings.changed',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID','[{"attribute": "tenant_id", "new": "11111111-2222-3333-4444-5555aaaabbbb"}, {"attribute": "client_id", "new": "66666666-7777-8888-9999-aaaaaaaaaaaa"}, {"attribute": "secret", "new": "changed"}]','{"part": "connection", "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-3c59-7000-906b-550de9f9e5a2','2026-11-26 14:25:27.129305','audit','sign_in.tested',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-3ca0-7000-9238-27e36a41d796','2026-11-26 14:25:27.200875','audit','microsoft.linked',1,'Microsoft account','jane@example.org (0000aaaa-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a2183f-1cc6-7000-8f7a-97eb0cee4209','jane@example.org',NULL,'{"account": "jane@example.org", "object_id": "0000aaaa-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-3cb8-7000-aa3a-ac06bfbcae50','2026-11-26 14:25:27.224596','audit','sign_in.microsoft',1,'person','jane@example.org','127.0.0.1',NULL,'User','01a2183f-1cc6-7000-8f7a-97eb0cee4209','jane@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-3d66-7000-8ba5-9b1d36930995','2026-11-26 14:25:27.398439','audit','microsoft.linked',1,'Microsoft account','otto@example.org (000000b1-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a2183f-1ca1-7000-85e2-4444443d50e3','otto@example.org',NULL,'{"account": "otto@example.org", "object_id": "000000b1-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-3d7c-7000-b8d2-3f49a052b212','2026-11-26 14:25:27.420871','audit','sign_in.microsoft',1,'person','otto@example.org','127.0.0.1',NULL,'User','01a2183f-1ca1-7000-85e2-4444443d50e3','otto@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-3de2-7000-97ee-9e71d8b19d48','2026-11-26 14:25:27.522388','audit','microsoft.linked',1,'Microsoft account','piet@example.org (000000b3-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a2183f-1d01-7000-9c1c-3d584f861a29','piet@example.org',NULL,'{"account": "piet@example.org", "object_id": "000000b3-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-3df5-7000-a482-af858687639c','2026-11-26 14:25:27.541949','audit','sign_in.microsoft',1,'person','piet@example.org','127.0.0.1',NULL,'User','01a2183f-1d01-7000-9c1c-3d584f861a29','piet@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4854-7000-ba91-d5c8e75e34e5','2026-11-26 14:25:30.196911','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a2183f-1d01-7000-9c1c-3d584f861a29','piet@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4ad6-7000-a77e-3d387b75db4c','2026-11-26 14:25:30.838546','audit','role_mapping.added',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings',NULL,'{"app_role": null, "group": "Chief editors"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4ade-7001-a8d2-0480cb3b8a5b','2026-11-26 14:25:30.846615','audit','role_mapping.added',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings',NULL,'{"app_role": "Netpresenter.Admin", "group": null}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4aec-7000-a99c-26d14687fd45','2026-11-26 14:25:30.860743','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183f-4ae5-7000-8039-bab9e12cd1e9','Group','01a2183f-1dc1-7000-812f-3a4ea4b34d27','Chief editors','[{"attribute": "members", "new": "01a2183f-1d23-7000-8d3a-5cdb0c9c4936"}]','{"names": ["Nora Chief"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4afc-7000-a9c9-e4d13bbbc7e3','2026-11-26 14:25:30.876345','provisioning','role.changed',1,'SCIM','Entra ID','127.0.0.1','01a2183f-4ae5-7000-8039-bab9e12cd1e9','User','01a2183f-1d23-7000-8d3a-5cdb0c9c4936','nora@example.org','[{"attribute": "role", "old": "user", "new": "administrator"}]','{"role": "administrator", "is_mapped": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4b2a-7000-9a5a-cb1da48ecf22','2026-11-26 14:25:30.922825','audit','microsoft.linked',1,'Microsoft account','nora@example.org (000000b5-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a2183f-1d23-7000-8d3a-5cdb0c9c4936','nora@example.org',NULL,'{"account": "nora@example.org", "object_id": "000000b5-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4b30-7000-88e9-6e46d9cf7e87','2026-11-26 14:25:30.928641','audit','sign_in.microsoft',1,'person','nora@example.org','127.0.0.1',NULL,'User','01a2183f-1d23-7000-8d3a-5cdb0c9c4936','nora@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4b9c-7000-839f-1e873926f531','2026-11-26 14:25:31.036871','audit','sign_in.local',1,'person','nadia@example.org','127.0.0.1',NULL,'User','01a2183f-1ea4-7000-827f-b3699071145b','nadia@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4bae-7000-9a06-1a94242d99b8','2026-11-26 14:25:31.054438','audit','microsoft.linked',1,'command line','command line',NULL,NULL,'User','01a2183f-1ea4-7000-827f-b3699071145b','nadia@example.org',NULL,'{"account": "nadia@example.org", "object_id": "000000d1-1111-2222-3333-444444444444", "rule": "the person themselves"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4bb5-7000-a03a-70f246f1c0f7','2026-11-26 14:25:31.061611','audit','claimable.set',1,'command line','command line',NULL,NULL,'User','01a2183f-1ea4-7000-827f-b3699071145b','nadia@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4bc9-7000-83af-19b971363710','2026-11-26 14:25:31.081710','audit','microsoft.linked',1,'command line','command line',NULL,NULL,'User','01a2183f-1ea0-7000-9958-37c84fe9b2db','grace@elsewhere.example',NULL,'{"account": "grace@example.org", "object_id": "000000d2-1111-2222-3333-444444444444", "rule": "the person themselves"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4be3-7000-87fb-c66de84765f5','2026-11-26 14:25:31.107573','provisioning','person.changed',1,'SCIM','Entra ID','127.0.0.1','01a2183f-4bdd-7000-b1ab-a72541fac35e','User','01a2183f-1ca1-7000-85e2-4444443d50e3','otto@example.org','[{"attribute": "externalId", "old": "000000b1-1111-2222-3333-444444444444", "new": "000000e1-1111-2222-3333-444444444444"}]','{"attributes": ["externalId"], "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4be3-7001-8c97-c575185dd13c','2026-11-26 14:25:31.107928','provisioning','external_id.changed',1,'SCIM','Entra ID','127.0.0.1','01a2183f-4bdd-7000-b1ab-a72541fac35e','User','01a2183f-1ca1-7000-85e2-4444443d50e3','otto@example.org',NULL,'{"old": "000000b1-1111-2222-3333-444444444444", "new": "000000e1-1111-2222-3333-444444444444"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4beb-7001-8e19-e5020e266bd5','2026-11-26 14:25:31.115825','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a2183f-4bdd-7000-b1ab-a72541fac35e','User','01a2183f-1ca1-7000-85e2-4444443d50e3','otto@example.org',NULL,'{"reason": "link_disagrees", "value": "000000e1-1111-2222-3333-444444444444", "claimant": "otto@example.org"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-4c1e-7000-84eb-dc77dc0f83f3','2026-11-26 14:25:31.166452','audit','microsoft.sign_in_refused',0,'Microsoft account','otto@example.org (000000b1-1111-2222-3333-444444444444)','127.0.0.1','N6ZS-LR26','User','01a2183f-1ca1-7000-85e2-4444443d50e3','otto@example.org',NULL,'{"reason": "link_disagrees", "account": "otto@example.org", "object_id": "000000b1-1111-2222-3333-444444444444", "external_id": "000000e1-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/3d1f899037e4be63f9f2fdee81be1bc8',1,'2026-11-26 14:25:31.166452');
INSERT INTO "journal" VALUES('01a2183f-4c5b-7000-a038-0f207c825337','2026-11-26 14:25:31.227235','audit','microsoft.sign_in_refused',0,'Microsoft account','otto@example.org (000000e1-1111-2222-3333-444444444444)','127.0.0.1','B76L-T2FK','User','01a2183f-1ca1-7000-85e2-4444443d50e3','otto@example.org',NULL,'{"reason": "link_disagrees", "account": "otto@example.org", "object_id": "000000e1-1111-2222-3333-444444444444", "external_id": "000000e1-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/104ef8fb1130a6b6095e6d59cba2b2c7',1,'2026-11-26 14:25:31.227235');
INSERT INTO "journal" VALUES('01a2183f-4ca6-7000-9b33-06b440894ea7','2026-11-26 14:25:31.302423','audit','microsoft.sign_in_refused',0,'Microsoft account','lea@example.org (000000b7-1111-2222-3333-444444444444)','127.0.0.1','R6EG-TDT2','User','01a2183f-1d49-7000-be06-4e04d4847dd9','lea@example.org',NULL,'{"reason": "shared_object_id", "account": "lea@example.org", "object_id": "000000b7-1111-2222-3333-444444444444", "external_id": "000000b7-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/2eb50c86c7fb4257dcef24aa3530855d',1,'2026-11-26 14:25:31.302423');
INSERT INTO "journal" VALUES('01a2183f-4cd5-7000-8e98-f975a7e8deba','2026-11-26 14:25:31.349404','audit','microsoft.sign_in_refused',0,'Microsoft account','stranger@example.org (000000ee-1111-2222-3333-444444444444)','127.0.0.1','UUKN-BW4Q',NULL,NULL,NULL,NULL,'{"reason": "no_account", "account": "stranger@example.org", "object_id": "000000ee-1111-2222-3333-444444444444", "external_id": null, "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/d191e3d0d02315eccbcfdd1d2f07708b',1,'2026-11-26 14:25:31.349404');
INSERT INTO "journal" VALUES('01a2183f-4d08-7000-bd50-272c8adfe57d','2026-11-26 14:25:31.400789','audit','microsoft.sign_in_refused',0,'Microsoft account','maria@example.org (000000b2-1111-2222-3333-444444444444)','127.0.0.1','I6SH-EXRN','User','01a2183f-1cdd-7000-befd-ccca684bdafa','maria@example.org',NULL,'{"reason": "disabled", "account": "maria@example.org", "object_id": "000000b2-1111-2222-3333-444444444444", "external_id": "000000b2-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/5e460f1bbfc1e2ad3dec52bd88c9729d',1,'2026-11-26 14:25:31.400789');
INSERT INTO "journal" VALUES('01a2183f-4d1c-7000-b442-853e21f5f7f6','2026-11-26 14:25:31.420555','provisioning','person.deleted',1,'SCIM','Entra ID','127.0.0.1','01a2183f-4d11-7000-8872-9531fd3aa200','User','01a2183f-1d8b-7000-9f8b-f042bc3b85fe','tom@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-5728-7000-92ac-58d659cde934','2026-11-26 14:25:33.992601','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a2183f-1db2-7000-82b3-c3992d4a2167','no.object@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-6445-7000-8a0e-f1fa905b0dc1','2026-11-26 14:25:37.349337','audit','role.changed',1,'command line','command line',NULL,NULL,'User','01a2183f-1e90-7000-8609-4b9a9d551ed7','linus','[{"attribute": "role", "old": "user", "new": "administrator"}]','{"role": "administrator", "is_mapped": false}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-679c-7000-95d5-7eccfeeb4a80','2026-11-26 14:25:38.204256','audit','sign_in.local',1,'person','linus','127.0.0.1',NULL,'User','01a2183f-1e90-7000-8609-4b9a9d551ed7','linus',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-7258-7000-8e12-9bb952a1c0cf','2026-11-26 14:25:40.952896','audit','token.revoked',1,'command line','command line',NULL,NULL,'Token','01a2183f-175b-7000-bc1c-884d66857974','npn_scim_5Kn0…cDd',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-75de-7000-b8db-0f8645258e3e','2026-11-26 14:25:41.854077','provisioning','token.refused',0,'SCIM','','127.0.0.1',NULL,NULL,NULL,NULL,NULL,'{"reason": "The token is revoked, or of another installation."}','2026-11-26T14:15/token.refused/afc64b36994e60ba39c79d34b16e5132',1,'2026-11-26 14:25:41.854077');
INSERT INTO "journal" VALUES('01a2183f-7fac-7000-bd4d-5d2372f7c1e1','2026-11-26 14:25:44.364156','audit','account.unlocked',1,'command line','command line',NULL,NULL,'User','01a2183f-1ea0-7000-9958-37c84fe9b2db','grace@elsewhere.example',NULL,NULL,NULL,1,NULL);
CREATE TABLE memberships (
	group_id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (group_id, user_id), 
	CONSTRAINT fk_memberships_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "memberships" VALUES('01a2183f-1dd4-7000-8e48-e40475508ea1','01a2183f-1ca1-7000-85e2-4444443d50e3');
INSERT INTO "memberships" VALUES('01a2183f-1dd4-7000-8e48-e40475508ea1','01a2183f-1cc6-7000-8f7a-97eb0cee4209');
INSERT INTO "memberships" VALUES('01a2183f-1dd4-7000-8e48-e40475508ea1','01a2183f-1cee-7000-9d0f-c57d5667ad6b');
INSERT INTO "memberships" VALUES('01a2183f-1dc1-7000-812f-3a4ea4b34d27','01a2183f-1d23-7000-8d3a-5cdb0c9c4936');
CREATE TABLE role_mappings (
	id VARCHAR(36) NOT NULL, 
	app_role VARCHAR, 
	group_id VARCHAR(36), 
	CONSTRAINT pk_role_mappings PRIMARY KEY (id), 
	CONSTRAINT fk_role_mappings_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT uq_role_mappings_app_role UNIQUE (app_role), 
	CONSTRAINT uq_role_mappings_group_id UNIQUE (group_id)
);
INSERT INTO "role_mappings" VALUES('01a2183f-4ad5-7000-92c3-2b11c10b5eb0',NULL,'01a2183f-1dc1-7000-812f-3a4ea4b34d27');
INSERT INTO "role_mappings" VALUES('01a2183f-4ade-7000-b356-228c328f82cd','Netpresenter.Admin',NULL);
CREATE TABLE scim_tokens (
	id VARCHAR(36) NOT NULL, 
	digest BLOB NOT NULL, 
	hint VARCHAR NOT NULL, 
	label VARCHAR NOT NULL, 
	form_nonce VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by VARCHAR NOT NULL, 
	last_used_at DATETIME, 
	last_used_from VARCHAR, 
	revoked_at DATETIME, 
	CONSTRAINT pk_scim_tokens PRIMARY KEY (id), 
	CONSTRAINT uq_scim_tokens_digest UNIQUE (digest), 
	CONSTRAINT uq_scim_tokens_form_nonce UNIQUE (form_nonce)
);
INSERT INTO "scim_tokens" VALUES('01a2183f-0866-7000-8b63-c9de0910a5ab',X'4AC25FBE417A5AF2EAB356AC25118AF96C3D1639799FA35F7B651002F0C3FD19','npn_scim_X5tZ…sSZ','Entra ID','xmDF4b3XRjrrVE1-lu7UhVXd3Ly8O2vfqSfWu3VDIpo','2026-11-26 14:25:13.830641','command line','2026-11-26 14:25:18.983679','127.0.0.1',NULL);
INSERT INTO "scim_tokens" VALUES('01a2183f-175b-7000-bc1c-884d66857974',X'29C3A7D69EF881CC82D9BAB19DC3AD448F577BFD4394C4E5FD308905A8561532','npn_scim_5Kn0…cDd','Old one','CszPWvepPV7L7lQRI_GszhQzqYcLlt7P4-Szyo8-1iU','2026-11-26 14:25:17.659792','command line',NULL,NULL,'2026-11-26 14:25:40.949711');
CREATE TABLE sessions (
	digest BLOB NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	method VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	address VARCHAR NOT NULL, 
	user_agent VARCHAR NOT NULL, authenticated_at DATETIME NOT NULL, oidc_session VARCHAR, login_hint VARCHAR, 
	CONSTRAINT pk_sessions PRIMARY KEY (digest), 
	CONSTRAINT fk_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "sessions" VALUES(X'8A3E5650DBC8D6DC9095C0804D41CCC92E6025C89EE6449C67756150D7744936','01a2183e-f841-7000-8b25-98e016c04063','local','2026-11-26 14:25:20.136841','2026-11-26 14:25:20.136841','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:25:20.133962',NULL,NULL);
INSERT INTO "sessions" VALUES(X'EA90DB216ACD592DA32D5E9ECA3C7741F87CDD33A1696775E932584061BE1995','01a2183f-1cc6-7000-8f7a-97eb0cee4209','microsoft','2026-11-26 14:25:27.214443','2026-11-26 14:25:27.214443','127.0.0.1','Werkzeug/3.1.9','1970-01-01 00:00:00.000000','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'CD9648FD10D2503B379AC81CF340E370B5A34C48D63AB0C56C3167925AD94CA2','01a2183f-1d23-7000-8d3a-5cdb0c9c4936','microsoft','2026-11-26 14:25:30.927770','2026-11-26 14:25:30.927770','127.0.0.1','Werkzeug/3.1.9','1970-01-01 00:00:00.000000','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'0F4EFAE8260220AC3FCD83F2A13F36D38AC21CFD11FE890C3F1487A178FE613A','01a2183f-1ea4-7000-827f-b3699071145b','local','2026-11-26 14:25:31.035440','2026-11-26 14:25:31.035440','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:25:31.032422',NULL,NULL);
INSERT INTO "sessions" VALUES(X'8BBD1115BB041A532E37933D09E5D83152314DCC9631AF4CFBCD40B98C69D723','01a2183f-1e90-7000-8609-4b9a9d551ed7','local','2026-11-26 14:25:38.202237','2026-11-26 14:25:38.202237','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:25:38.199231',NULL,NULL);
CREATE TABLE sign_in_settings (
	id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	authority VARCHAR, 
	tenant_id VARCHAR, 
	client_id VARCHAR, 
	secret BLOB, 
	secret_expires_on DATE, 
	certificate VARCHAR, 
	tested_fingerprint VARCHAR, 
	tested_at DATETIME, 
	tested_by VARCHAR, 
	refused_fingerprint VARCHAR, 
	next_certificate VARCHAR, 
	next_key BLOB, 
	match_user_names BOOLEAN DEFAULT 0 NOT NULL, 
	create_people BOOLEAN DEFAULT 0 NOT NULL, 
	is_forced BOOLEAN DEFAULT 0 NOT NULL, 
	idle_minutes INTEGER DEFAULT 480 NOT NULL, 
	absolute_hours INTEGER DEFAULT 168 NOT NULL, 
	CONSTRAINT pk_sign_in_settings PRIMARY KEY (id)
);
INSERT INTO "sign_in_settings" VALUES(1,2,NULL,'11111111-2222-3333-4444-5555aaaabbbb','66666666-7777-8888-9999-aaaaaaaaaaaa',X'674141414141427243454658497A557179303969334D50544A644A48636A574A4546694F504B32684958425051494D485F73765153756251696961527A5856554664562D6657394B5F463034325F62316132754F465F3265524B3375355A4871387A306969346366306864617747584333486A494351493D',NULL,NULL,'c46bf6506e755dd83251a5f77e7e9d52831d002464381312595814eb993bd7ee','2026-11-26 14:25:27.128659','command line',NULL,NULL,NULL,0,0,0,480,168);
CREATE TABLE unlocks (
	user_id VARCHAR(36) NOT NULL, 
	digest BLOB NOT NULL, 
	unlocked_at DATETIME NOT NULL, 
	CONSTRAINT pk_unlocks PRIMARY KEY (user_id), 
	CONSTRAINT fk_unlocks_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_unlocks_digest UNIQUE (digest)
);
INSERT INTO "unlocks" VALUES('01a2183f-1ea0-7000-9958-37c84fe9b2db',X'4DF78C29C0910423B1B85F731FD6EFA4669CA987C6D8A081727C21AF53368BE9','2026-11-26 14:25:44.361028');
CREATE TABLE unstored_attributes (
	resource_type VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	last_at DATETIME NOT NULL, 
	CONSTRAINT pk_unstored_attributes PRIMARY KEY (resource_type, name)
);
INSERT INTO "unstored_attributes" VALUES('User','shoeSize','2026-11-26 14:25:19.468699');
CREATE TABLE "users" (
	id VARCHAR(36) NOT NULL, 
	document JSON NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	modified_at DATETIME NOT NULL, 
	user_name VARCHAR NOT NULL, 
	user_name_key VARCHAR NOT NULL, 
	external_id VARCHAR, 
	display_name VARCHAR, 
	shown_name_key VARCHAR NOT NULL, 
	work_email VARCHAR, 
	work_email_key VARCHAR, 
	has_more_work_emails BOOLEAN DEFAULT 0 NOT NULL, 
	manager_id VARCHAR, 
	active BOOLEAN NOT NULL, 
	is_provisioned BOOLEAN NOT NULL, 
	is_blocked BOOLEAN DEFAULT 0 NOT NULL, 
	role VARCHAR DEFAULT 'user' NOT NULL, 
	is_emergency BOOLEAN DEFAULT 0 NOT NULL, 
	password_hash VARCHAR, 
	password_changed_at DATETIME, 
	last_sign_in_at DATETIME, 
	last_sign_in_method VARCHAR, 
	object_id VARCHAR(36), 
	role_is_mapped BOOLEAN DEFAULT 0 NOT NULL, 
	is_handed_over BOOLEAN DEFAULT 0 NOT NULL, 
	password_used_at DATETIME, 
	is_role_unseen BOOLEAN DEFAULT 0 NOT NULL, 
	confirmed_object_id VARCHAR(36), 
	former_object_id VARCHAR(36), 
	CONSTRAINT pk_users PRIMARY KEY (id), 
	CONSTRAINT uq_users_user_name_key UNIQUE (user_name_key)
);
INSERT INTO "users" VALUES('01a2183e-f841-7000-8b25-98e016c04063','{"userName": "ada", "active": true}',1,'2026-11-26 14:25:09.697897','2026-11-26 14:25:09.697897','ada','ada',NULL,NULL,'ada',NULL,NULL,0,NULL,1,0,0,'administrator',1,'$argon2id$v=19$m=19456,t=2,p=1$vo50CHqy1JGzwjVhquYOKw$I8yd3fQvPabPIutt6kPy6NdYuYQ2a5M18ma5yNi/OC0','2026-11-26 14:25:09.697897','2026-11-26 14:25:20.137713','local',NULL,0,0,'2026-11-26 14:25:20.137713',0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1ca1-7000-85e2-4444443d50e3','{"userName": "otto@example.org", "externalId": "000000e1-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "otto@example.org", "primary": true}], "displayName": "Otto Visser", "title": "Head of News"}',2,'2026-11-26 14:25:19.009906','2026-11-26 14:25:31.106762','otto@example.org','otto@example.org','000000e1-1111-2222-3333-444444444444','Otto Visser','otto visser','otto@example.org','otto@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,'2026-11-26 14:25:27.420132','microsoft','000000e1-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1cc6-7000-8f7a-97eb0cee4209','{"userName": "jane@example.org", "externalId": "0000aaaa-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "jane@example.org", "primary": true}], "name": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}, "displayName": "Jane Bakker", "preferredLanguage": "nl-NL", "phoneNumbers": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}], "addresses": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a2183f-1ca1-7000-85e2-4444443d50e3"}}}',1,'2026-11-26 14:25:19.046039','2026-11-26 14:25:19.046039','jane@example.org','jane@example.org','0000aaaa-1111-2222-3333-444444444444','Jane Bakker','jane bakker','jane@example.org','jane@example.org',0,'01a2183f-1ca1-7000-85e2-4444443d50e3',1,1,0,'user',0,NULL,NULL,'2026-11-26 14:25:27.223506','microsoft','0000aaaa-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1cdd-7000-befd-ccca684bdafa','{"userName": "maria@example.org", "externalId": "000000b2-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "maria@example.org", "primary": true}], "displayName": "Maria N\u00fa\u00f1ez"}',1,'2026-11-26 14:25:19.069531','2026-11-26 14:25:19.069531','maria@example.org','maria@example.org','000000b2-1111-2222-3333-444444444444','Maria Núñez','maria núñez','maria@example.org','maria@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b2-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1cee-7000-9d0f-c57d5667ad6b','{"userName": "zo\u00eb@example.org", "externalId": "zoe", "active": true, "emails": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}], "displayName": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}',1,'2026-11-26 14:25:19.086677','2026-11-26 14:25:19.086677','zoë@example.org','zoë@example.org','zoe','Zoë O''Neil; "Z" de Boer','zoë o''neil; "z" de boer','zoe@example.org','zoe@example.org',1,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1d01-7000-9c1c-3d584f861a29','{"userName": "piet@example.org", "externalId": "000000b3-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "piet@example.org", "primary": true}], "displayName": "Piet de Wit"}',1,'2026-11-26 14:25:19.105128','2026-11-26 14:25:19.105128','piet@example.org','piet@example.org','000000b3-1111-2222-3333-444444444444','Piet de Wit','piet de wit','piet@example.org','piet@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,'2026-11-26 14:25:27.541487','microsoft','000000b3-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1d0f-7000-96bf-270bd7f75988','{"userName": "kofi@example.org", "externalId": "000000B4-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "kofi@example.org", "primary": true}], "roles": [{"value": "Editor", "display": "Editor", "primary": true}]}',2,'2026-11-26 14:25:19.119967','2026-11-26 14:25:19.444202','kofi@example.org','kofi@example.org','000000B4-1111-2222-3333-444444444444',NULL,'kofi@example.org','kofi@example.org','kofi@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b4-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1d23-7000-8d3a-5cdb0c9c4936','{"userName": "nora@example.org", "externalId": "000000b5-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "nora@example.org", "primary": true}], "displayName": "Nora Chief"}',1,'2026-11-26 14:25:19.139498','2026-11-26 14:25:19.139498','nora@example.org','nora@example.org','000000b5-1111-2222-3333-444444444444','Nora Chief','nora chief','nora@example.org','nora@example.org',0,NULL,1,1,0,'administrator',0,NULL,NULL,'2026-11-26 14:25:30.928315','microsoft','000000b5-1111-2222-3333-444444444444',1,0,NULL,1,'000000b5-1111-2222-3333-444444444444',NULL);
INSERT INTO "users" VALUES('01a2183f-1d35-7000-86a4-17de4e096786','{"userName": "\u0430da@example.org", "externalId": "000000b6-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "ada@example.org", "primary": true}], "displayName": "A\u202eda"}',1,'2026-11-26 14:25:19.157554','2026-11-26 14:25:19.157554','аda@example.org','аda@example.org','000000b6-1111-2222-3333-444444444444','Ada','ada','ada@example.org','ada@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b6-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1d49-7000-be06-4e04d4847dd9','{"userName": "lea@example.org", "externalId": "000000b7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea@example.org", "primary": true}], "nickName": "Lea"}',1,'2026-11-26 14:25:19.177033','2026-11-26 14:25:19.177033','lea@example.org','lea@example.org','000000b7-1111-2222-3333-444444444444',NULL,'lea@example.org','lea@example.org','lea@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1d58-7000-b3ef-93e88cfe6de3','{"userName": "lea.de.vries@example.org", "externalId": "000000B7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}], "nickName": "Lea 2"}',1,'2026-11-26 14:25:19.192142','2026-11-26 14:25:19.192142','lea.de.vries@example.org','lea.de.vries@example.org','000000B7-1111-2222-3333-444444444444',NULL,'lea.de.vries@example.org','lea.de.vries@example.org','lea.de.vries@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1d9c-7000-807b-772e7120812f','{"userName": "wim@example.org", "externalId": "000000b9-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "wim@example.org", "primary": true}], "displayName": "Wim"}',2,'2026-11-26 14:25:19.260671','2026-11-26 14:25:19.470266','wim@example.org','wim@example.org','000000b9-1111-2222-3333-444444444444','Wim','wim','wim@example.org','wim@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b9-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1db2-7000-82b3-c3992d4a2167','{"userName": "no.object@example.org", "externalId": "someone", "active": true, "emails": [{"type": "work", "value": "no.object@example.org", "primary": true}], "displayName": "No Object"}',1,'2026-11-26 14:25:19.282201','2026-11-26 14:25:19.282201','no.object@example.org','no.object@example.org','someone','No Object','no object','no.object@example.org','no.object@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1e90-7000-8609-4b9a9d551ed7','{"userName": "linus", "active": true}',1,'2026-11-26 14:25:19.504980','2026-11-26 14:25:19.504980','linus','linus',NULL,NULL,'linus',NULL,NULL,0,NULL,1,0,0,'administrator',0,'$argon2id$v=19$m=19456,t=2,p=1$9xQxN4Id8zFRTT93NROqyA$DoPJKLGYa0/fIlLBg26mq/rJ2V/PWprNUnlciCURc7Y','2026-11-26 14:25:19.504980','2026-11-26 14:25:38.203506','local',NULL,0,0,'2026-11-26 14:25:38.203506',0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1e98-7000-887e-32969209726e','{"userName": "mallory", "active": true}',1,'2026-11-26 14:25:19.512612','2026-11-26 14:25:19.512612','mallory','mallory',NULL,NULL,'mallory',NULL,NULL,0,NULL,1,0,1,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$9xQxN4Id8zFRTT93NROqyA$DoPJKLGYa0/fIlLBg26mq/rJ2V/PWprNUnlciCURc7Y','2026-11-26 14:25:19.512612',NULL,NULL,NULL,0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1ea0-7000-9958-37c84fe9b2db','{"userName": "grace@elsewhere.example", "active": true}',1,'2026-11-26 14:25:19.520215','2026-11-26 14:25:19.520215','grace@elsewhere.example','grace@elsewhere.example',NULL,NULL,'grace@elsewhere.example',NULL,NULL,0,NULL,1,0,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$9xQxN4Id8zFRTT93NROqyA$DoPJKLGYa0/fIlLBg26mq/rJ2V/PWprNUnlciCURc7Y','2026-11-26 14:25:19.520215',NULL,NULL,NULL,0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183f-1ea4-7000-827f-b3699071145b','{"userName": "nadia@example.org", "active": true}',1,'2026-11-26 14:25:19.524569','2026-11-26 14:25:19.524569','nadia@example.org','nadia@example.org',NULL,NULL,'nadia@example.org',NULL,NULL,0,NULL,1,1,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$9xQxN4Id8zFRTT93NROqyA$DoPJKLGYa0/fIlLBg26mq/rJ2V/PWprNUnlciCURc7Y','2026-11-26 14:25:19.524569','2026-11-26 14:25:31.036296','local',NULL,0,1,'2026-11-26 14:25:31.036296',0,NULL,NULL);
CREATE INDEX ix_groups_external_id ON groups (external_id);
CREATE INDEX ix_memberships_user_id ON memberships (user_id, group_id);
CREATE INDEX ix_sessions_user_id ON sessions (user_id);
CREATE INDEX ix_sessions_oidc_session ON sessions (oidc_session);
CREATE INDEX ix_journal_target_id ON journal (target_id);
CREATE INDEX ix_journal_log_at ON journal (log, at);
CREATE INDEX ix_journal_refused ON journal (event, at) WHERE succeeded = 0;
CREATE INDEX ix_conflicts_reason ON conflicts (reason, opened_at);
CREATE INDEX ix_conflicts_claimant_object_id ON conflicts (claimant_object_id);
CREATE INDEX ix_blocks_value ON blocks (value, kind);
CREATE INDEX ix_deleted_people_user_name_key ON deleted_people (user_name_key);
CREATE INDEX ix_deleted_people_object_id ON deleted_people (object_id);
CREATE INDEX ix_deleted_people_linked_object_id ON deleted_people (linked_object_id);
CREATE INDEX ix_deleted_people_deleted_at ON deleted_people (deleted_at);
CREATE INDEX ix_deleted_people_named ON deleted_people (deleted_at) WHERE user_name IS NOT NULL;
CREATE INDEX ix_journal_reference ON journal (request_id) WHERE succeeded = 0;
CREATE INDEX ix_users_manager_id ON users (manager_id);
CREATE INDEX ix_users_administrators ON users (role) WHERE role = 'administrator';
CREATE INDEX ix_users_shown_name_key ON users (shown_name_key);
CREATE INDEX ix_users_has_more_work_emails ON users (has_more_work_emails) WHERE has_more_work_emails = 1;
CREATE INDEX ix_users_work_email_key ON users (work_email_key);
CREATE INDEX ix_users_provisioned ON users (is_provisioned, id);
CREATE INDEX ix_users_external_id ON users (external_id);
CREATE INDEX ix_users_object_id ON users (object_id, id);
CREATE INDEX ix_users_role_unseen ON users (is_role_unseen) WHERE is_role_unseen = 1;
CREATE INDEX ix_guesses_at ON guesses (at);
CREATE INDEX ix_guesses_account ON guesses (account, at);
CREATE INDEX ix_guesses_network ON guesses (network, at);
CREATE INDEX ix_emergency_sign_ins_at ON emergency_sign_ins (at);
CREATE UNIQUE INDEX ix_journal_counted_as ON journal (counted_as) WHERE counted_as IS NOT NULL;
COMMIT;
