-- live token: npn_scim_q6ZZsNi6Z5AU9HTp7QbxryXalk0uwnZIB8Ah7VtlbH7407L1L
-- revoked token: npn_scim_g8SKZshiSbSTcwSWos0JUCTN9aphl2RWCOUo7sZLGRm4ZqLgV
PRAGMA application_id = 1313885745;
PRAGMA user_version = 0;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
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
INSERT INTO "groups" VALUES('01a2183d-dbb3-7000-bdc5-86c616f3f34b','{"displayName": "Chief editors", "externalId": "000000c1-1111-2222-3333-444444444444"}',2,'2026-11-26 14:23:56.851574','2026-11-26 14:24:09.947063','Chief editors','chief editors','000000c1-1111-2222-3333-444444444444');
INSERT INTO "groups" VALUES('01a2183d-dbc3-7000-ab90-038a06b1b9cc','{"displayName": "Readers"}',6,'2026-11-26 14:23:56.867422','2026-11-26 14:23:56.939617','Readers','readers',NULL);
INSERT INTO "groups" VALUES('01a2183d-dc16-7000-8120-da2595c71ad6','{"displayName": "Empty \u2116 1"}',1,'2026-11-26 14:23:56.950858','2026-11-26 14:23:56.950858','Empty № 1','empty no 1',NULL);
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
INSERT INTO "identities" VALUES('01a2183d-dad8-7000-89e9-4cde26e3e84b','11111111-2222-3333-4444-555555555555','0000aaaa-1111-2222-3333-444444444444','pairwise','jane@example.org','["Editor"]','2026-11-26 14:24:05.517488','externalId');
INSERT INTO "identities" VALUES('01a2183d-daba-7000-aaaa-2358a0dfe596','11111111-2222-3333-4444-555555555555','000000b1-1111-2222-3333-444444444444','pairwise','otto@example.org','[]','2026-11-26 14:24:05.650378','externalId');
INSERT INTO "identities" VALUES('01a2183d-db0f-7000-bff3-71045ab85a1c','11111111-2222-3333-4444-555555555555','000000b3-1111-2222-3333-444444444444','pairwise','piet@example.org','[]','2026-11-26 14:24:05.747442','externalId');
INSERT INTO "identities" VALUES('01a2183d-db3f-7000-a719-320bd5dba25a','11111111-2222-3333-4444-555555555555','000000b5-1111-2222-3333-444444444444','pairwise','nora@example.org','[]','2026-11-26 14:24:09.996066','externalId');
INSERT INTO "identities" VALUES('01a2183d-dc87-7000-b008-238a8e3b7a06','11111111-2222-3333-4444-555555555555','000000d1-1111-2222-3333-444444444444','pairwise','nadia@example.org','[]','2026-11-26 14:24:10.128025','the person themselves');
INSERT INTO "identities" VALUES('01a2183d-dc84-7000-8407-da303ca19499','11111111-2222-3333-4444-555555555555','000000d2-1111-2222-3333-444444444444','pairwise','grace@example.org','[]','2026-11-26 14:24:10.146103','the person themselves');
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
	facts JSON, 
	CONSTRAINT pk_journal PRIMARY KEY (id)
);
INSERT INTO "journal" VALUES('01a2183d-b541-7000-b9b0-88735044a1d2','2026-11-26 14:23:47.009968','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183d-b53e-7000-8801-af59bca5ce74','ada','[{"attribute": "userName", "new": "ada"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-c4d4-7000-82c4-5e208947cfed','2026-11-26 14:23:50.996957','audit','token.issued',1,'command line','command line',NULL,NULL,'Token','01a2183d-c4ce-7000-be09-94fd3de3f439','npn_scim_q6ZZ…L1L',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183d-d438-7000-8567-dfec0597bf6b','2026-11-26 14:23:54.936173','audit','token.issued',1,'command line','command line',NULL,NULL,'Token','01a2183d-d432-7000-af5e-d5a07e43b627','npn_scim_g8SK…LgV',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183d-dac1-7000-b0db-a0844b6bf940','2026-11-26 14:23:56.609909','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-da9b-7000-b3d3-8487e08e2fb1','User','01a2183d-daba-7000-aaaa-2358a0dfe596','otto@example.org','[{"attribute": "userName", "new": "otto@example.org"}, {"attribute": "externalId", "new": "000000b1-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "otto@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Otto Visser"}, {"attribute": "title", "new": "Head of News"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-dade-7000-a464-caf8fdd5db81','2026-11-26 14:23:56.639003','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dad6-7000-b830-c3ad7893eab9','User','01a2183d-dad8-7000-89e9-4cde26e3e84b','jane@example.org','[{"attribute": "userName", "new": "jane@example.org"}, {"attribute": "externalId", "new": "0000aaaa-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "jane@example.org", "primary": true}]}, {"attribute": "name", "new": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}}, {"attribute": "displayName", "new": "Jane Bakker"}, {"attribute": "preferredLanguage", "new": "nl-NL"}, {"attribute": "phoneNumbers", "new": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}]}, {"attribute": "addresses", "new": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}]}, {"attribute": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "new": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a2183d-daba-7000-aaaa-2358a0dfe596"}}}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-daf2-7000-b4d1-d5e3736ff166','2026-11-26 14:23:56.658308','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-daee-7000-9a89-62ae72b2a818','User','01a2183d-daf0-7000-a100-2bd5e63dbd0c','maria@example.org','[{"attribute": "userName", "new": "maria@example.org"}, {"attribute": "externalId", "new": "000000b2-1111-2222-3333-444444444444"}, {"attribute": "active", "new": false}, {"attribute": "emails", "new": [{"type": "work", "value": "maria@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Maria N\u00fa\u00f1ez"}]','{"is_active": false}');
INSERT INTO "journal" VALUES('01a2183d-db05-7000-8115-b5727fae2ba0','2026-11-26 14:23:56.677213','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dafd-7000-bf03-180e8bc6e937','User','01a2183d-db04-7000-ae5a-82f4c7e36e40','zoë@example.org','[{"attribute": "userName", "new": "zo\u00eb@example.org"}, {"attribute": "externalId", "new": "zoe"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}]}, {"attribute": "displayName", "new": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-db11-7000-b282-73f3df82b1e7','2026-11-26 14:23:56.689808','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-db0d-7000-a7d2-72431d69a0a5','User','01a2183d-db0f-7000-bff3-71045ab85a1c','piet@example.org','[{"attribute": "userName", "new": "piet@example.org"}, {"attribute": "externalId", "new": "000000b3-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "piet@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Piet de Wit"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-db2a-7000-873f-4c033fa29b3c','2026-11-26 14:23:56.714546','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-db26-7000-8df4-fbbb8cf3b47b','User','01a2183d-db28-7000-abce-91cc591eee71','kofi@example.org','[{"attribute": "userName", "new": "kofi@example.org"}, {"attribute": "externalId", "new": "000000B4-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "kofi@example.org", "primary": true}]}, {"attribute": "roles", "new": [{"value": "Editor", "display": "Editor", "primary": true}]}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-db41-7000-9e08-f60115f2ed08','2026-11-26 14:23:56.737659','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-db3d-7000-92cd-cd9cb1eeeb45','User','01a2183d-db3f-7000-a719-320bd5dba25a','nora@example.org','[{"attribute": "userName", "new": "nora@example.org"}, {"attribute": "externalId", "new": "000000b5-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "nora@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Nora Chief"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-db51-7000-b642-1f803cda5693','2026-11-26 14:23:56.753967','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-db4e-7000-9008-80211dbc654f','User','01a2183d-db50-7000-b4e8-e6cd48728a53','аda@example.org','[{"attribute": "userName", "new": "\u0430da@example.org"}, {"attribute": "externalId", "new": "000000b6-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "ada@example.org", "primary": true}]}, {"attribute": "displayName", "new": "A\u202eda"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-db6b-7000-88df-81ff4ffa0016','2026-11-26 14:23:56.779239','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-db61-7000-81d7-211b0764c3d0','User','01a2183d-db69-7000-8cf3-622062386918','lea@example.org','[{"attribute": "userName", "new": "lea@example.org"}, {"attribute": "externalId", "new": "000000b7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-db78-7000-8471-ca5ceed7ebb0','2026-11-26 14:23:56.793035','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-db75-7000-940e-90770df38f8b','User','01a2183d-db77-7000-a998-df9057d706db','lea.de.vries@example.org','[{"attribute": "userName", "new": "lea.de.vries@example.org"}, {"attribute": "externalId", "new": "000000B7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea 2"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-db89-7000-a9bd-31f5ec69915c','2026-11-26 14:23:56.809418','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-db85-7000-bd9c-4213b02f40cd','User','01a2183d-db87-7000-9fcb-f9ddc7f9304f','tom@example.org','[{"attribute": "userName", "new": "tom@example.org"}, {"attribute": "externalId", "new": "000000b8-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "tom@example.org", "primary": true}]}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-db9a-7000-a8c0-45a2370dab14','2026-11-26 14:23:56.826199','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-db92-7000-a0a9-34cf042f6d92','User','01a2183d-db98-7000-9f42-bbeefc3b4cfe','wim@example.org','[{"attribute": "userName", "new": "wim@example.org"}, {"attribute": "externalId", "new": "000000b9-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "wim@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Wim"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-dba7-7001-8130-0512deb3cad3','2026-11-26 14:23:56.839970','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dba5-7000-b260-b3e8bfb53f24','User','01a2183d-dba7-7000-b290-38f8d596231b','no.object@example.org','[{"attribute": "userName", "new": "no.object@example.org"}, {"attribute": "externalId", "new": "someone"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "no.object@example.org", "primary": true}]}, {"attribute": "displayName", "new": "No Object"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-dbb6-7000-bd7c-9f4aebe06248','2026-11-26 14:23:56.854223','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dbac-7000-a05b-c803073c8ad0','Group','01a2183d-dbb3-7000-bdc5-86c616f3f34b','Chief editors','[{"attribute": "displayName", "new": "Chief editors"}, {"attribute": "externalId", "new": "000000c1-1111-2222-3333-444444444444"}]',NULL);
INSERT INTO "journal" VALUES('01a2183d-dbc4-7000-86ac-2c16c71cab10','2026-11-26 14:23:56.868035','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dbc1-7000-8893-0e474645a4f9','Group','01a2183d-dbc3-7000-ab90-038a06b1b9cc','Readers','[{"attribute": "displayName", "new": "Readers"}]',NULL);
INSERT INTO "journal" VALUES('01a2183d-dbd7-7000-81a4-883d71379c7b','2026-11-26 14:23:56.887288','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dbc9-7000-8fa9-06fd14f3adbc','Group','01a2183d-dbc3-7000-ab90-038a06b1b9cc','Readers','[{"attribute": "members", "new": "01a2183d-dad8-7000-89e9-4cde26e3e84b"}]','{"names": ["Jane Bakker"], "number": 1}');
INSERT INTO "journal" VALUES('01a2183d-dbe7-7000-bb47-22b184181c87','2026-11-26 14:23:56.903766','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dbe5-7000-9e0a-e998f97277bd','Group','01a2183d-dbc3-7000-ab90-038a06b1b9cc','Readers','[{"attribute": "members", "new": "01a2183d-daba-7000-aaaa-2358a0dfe596"}]','{"names": ["Otto Visser"], "number": 1}');
INSERT INTO "journal" VALUES('01a2183d-dbf7-7000-bda0-48e108295814','2026-11-26 14:23:56.919702','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dbf5-7000-8d77-83148f10f8c5','Group','01a2183d-dbc3-7000-ab90-038a06b1b9cc','Readers','[{"attribute": "members", "new": "01a2183d-db04-7000-ae5a-82f4c7e36e40"}]','{"names": ["Zo\u00eb O''Neil; \"Z\"\nde Boer"], "number": 1}');
INSERT INTO "journal" VALUES('01a2183d-dc0b-7000-aef9-13fb845fdb5e','2026-11-26 14:23:56.939943','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dc09-7000-b565-2b678b8c67d3','Group','01a2183d-dbc3-7000-ab90-038a06b1b9cc','Readers','[{"attribute": "members", "new": "01a2183d-db87-7000-9fcb-f9ddc7f9304f"}]','{"names": ["tom@example.org"], "number": 1}');
INSERT INTO "journal" VALUES('01a2183d-dc17-7000-99e4-91ddb4c12967','2026-11-26 14:23:56.951460','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dc15-7000-884e-9cbe20c5f927','Group','01a2183d-dc16-7000-8120-da2595c71ad6','Empty № 1','[{"attribute": "displayName", "new": "Empty \u2116 1"}]',NULL);
INSERT INTO "journal" VALUES('01a2183d-dc23-7000-8ed7-b8ce70eacd00','2026-11-26 14:23:56.963227','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dc1c-7000-be85-d1750343ce31','Group','01a2183d-dc1e-7000-a9ea-fead9fe89164','Gone','[{"attribute": "displayName", "new": "Gone"}]',NULL);
INSERT INTO "journal" VALUES('01a2183d-dc2f-7000-a091-ba09a9311800','2026-11-26 14:23:56.975999','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dc29-7000-b3f1-3a33d326d70c','Group','01a2183d-dc1e-7000-a9ea-fead9fe89164','Gone','[{"attribute": "members", "new": "01a2183d-dad8-7000-89e9-4cde26e3e84b"}]','{"names": ["Jane Bakker"], "number": 1}');
INSERT INTO "journal" VALUES('01a2183d-dc3c-7000-822c-46e4aeb8e625','2026-11-26 14:23:56.988928','provisioning','group.deleted',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dc39-7000-86b6-71e0896a81a7','Group','01a2183d-dc1e-7000-a9ea-fead9fe89164','Gone',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183d-dc4d-7000-9881-c72d836da870','2026-11-26 14:23:57.005053','provisioning','person.disabled',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dc45-7000-b8cc-18e328b4b94e','User','01a2183d-db28-7000-abce-91cc591eee71','kofi@example.org','[{"attribute": "active", "old": true, "new": false}]','{"attributes": ["active"], "sessions_ended": 0}');
INSERT INTO "journal" VALUES('01a2183d-dc64-7000-9c53-44211747a747','2026-11-26 14:23:57.028680','provisioning','person.disabled',1,'SCIM','Entra ID','127.0.0.1','01a2183d-dc59-7000-a430-14e2e80c82cd','User','01a2183d-db98-7000-9f42-bbeefc3b4cfe','wim@example.org','[{"attribute": "active", "old": true, "new": false}]','{"attributes": ["active"], "sessions_ended": 0}');
INSERT INTO "journal" VALUES('01a2183d-dc70-7000-9658-c2a5b99ff665','2026-11-26 14:23:57.040306','provisioning','scim.refused',0,'SCIM','unknown','127.0.0.1','01a2183d-dc6f-7000-9106-4adbd1f692ba',NULL,NULL,NULL,NULL,'{"method": "GET", "path": "/scim/v2/Users", "status": 401, "reason": "This is only part of a token (17 of 58 characters)."}');
INSERT INTO "journal" VALUES('01a2183d-dc75-7000-9757-cb6090f7ec68','2026-11-26 14:23:57.045261','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183d-dc74-7000-8694-af7ba06051f7','linus','[{"attribute": "userName", "new": "linus"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-dc7d-7000-b216-df58a0c55e10','2026-11-26 14:23:57.053476','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183d-dc7c-7000-a40b-63aeca129317','mallory','[{"attribute": "userName", "new": "mallory"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-dc84-7001-a53c-728d0430a667','2026-11-26 14:23:57.060963','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183d-dc84-7000-8407-da303ca19499','grace@elsewhere.example','[{"attribute": "userName", "new": "grace@elsewhere.example"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-dc88-7000-bb82-01951c361587','2026-11-26 14:23:57.064395','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183d-dc87-7000-b008-238a8e3b7a06','nadia@example.org','[{"attribute": "userName", "new": "nadia@example.org"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183d-dd78-7000-b48d-24aecf0ba17d','2026-11-26 14:23:57.304159','audit','sign_in.local',1,'person','linus','127.0.0.1',NULL,'User','01a2183d-dc74-7000-8694-af7ba06051f7','linus',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183d-de88-7000-ac42-26d8816309bf','2026-11-26 14:23:57.576783','audit','sign_in.local',1,'person','ada','127.0.0.1',NULL,'User','01a2183d-b53e-7000-8801-af59bca5ce74','ada',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183d-eae7-7000-862f-48fcdcd37dd0','2026-11-26 14:24:00.743354','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a2183d-dc7c-7000-a40b-63aeca129317','mallory',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183d-fd27-7000-b780-c17b907fd92c','2026-11-26 14:24:05.415168','audit','settings.changed',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID','[{"attribute": "tenant_id", "new": "11111111-2222-3333-4444-555555555555"}, {"attribute": "client_id", "new": "66666666-7777-8888-9999-aaaaaaaaaaaa"}, {"attribute": "secret", "new": "changed"}]','{"part": "connection", "sessions_ended": 0}');
INSERT INTO "journal" VALUES('01a2183d-fd2a-7000-835d-6e5e2d7bc801','2026-11-26 14:24:05.418471','audit','sign_in.tested',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183d-fd8e-7000-a6c9-1d073756a895','2026-11-26 14:24:05.522841','audit','microsoft.linked',1,'person','jane@example.org','127.0.0.1',NULL,'User','01a2183d-dad8-7000-89e9-4cde26e3e84b','jane@example.org',NULL,'{"account": "jane@example.org", "object_id": "0000aaaa-1111-2222-3333-444444444444", "rule": "externalId"}');
INSERT INTO "journal" VALUES('01a2183d-fd9a-7000-a799-3d822b4b5f69','2026-11-26 14:24:05.530675','audit','sign_in.microsoft',1,'person','jane@example.org','127.0.0.1',NULL,'User','01a2183d-dad8-7000-89e9-4cde26e3e84b','jane@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183d-fe13-7000-9961-de440a466d90','2026-11-26 14:24:05.651142','audit','microsoft.linked',1,'person','otto@example.org','127.0.0.1',NULL,'User','01a2183d-daba-7000-aaaa-2358a0dfe596','otto@example.org',NULL,'{"account": "otto@example.org", "object_id": "000000b1-1111-2222-3333-444444444444", "rule": "externalId"}');
INSERT INTO "journal" VALUES('01a2183d-fe17-7000-ae24-5cd11c60f765','2026-11-26 14:24:05.655736','audit','sign_in.microsoft',1,'person','otto@example.org','127.0.0.1',NULL,'User','01a2183d-daba-7000-aaaa-2358a0dfe596','otto@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183d-fe74-7000-aa59-6d821fbdd14b','2026-11-26 14:24:05.748044','audit','microsoft.linked',1,'person','piet@example.org','127.0.0.1',NULL,'User','01a2183d-db0f-7000-bff3-71045ab85a1c','piet@example.org',NULL,'{"account": "piet@example.org", "object_id": "000000b3-1111-2222-3333-444444444444", "rule": "externalId"}');
INSERT INTO "journal" VALUES('01a2183d-fe7d-7000-906c-4380a41dd967','2026-11-26 14:24:05.757873','audit','sign_in.microsoft',1,'person','piet@example.org','127.0.0.1',NULL,'User','01a2183d-db0f-7000-bff3-71045ab85a1c','piet@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-0b3b-7000-bd34-457950b590bd','2026-11-26 14:24:09.019601','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a2183d-db0f-7000-bff3-71045ab85a1c','piet@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-0ebb-7000-b577-254c52b58068','2026-11-26 14:24:09.915556','audit','role_mapping.added',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings',NULL,'{"app_role": null, "group": "Chief editors"}');
INSERT INTO "journal" VALUES('01a2183e-0ecd-7001-a844-d525ed766db0','2026-11-26 14:24:09.933702','audit','role_mapping.added',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings',NULL,'{"app_role": "Netpresenter.Admin", "group": null}');
INSERT INTO "journal" VALUES('01a2183e-0edb-7000-9864-4ce5a809e2e4','2026-11-26 14:24:09.947483','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183e-0ed8-7000-8223-207f98165010','Group','01a2183d-dbb3-7000-bdc5-86c616f3f34b','Chief editors','[{"attribute": "members", "new": "01a2183d-db3f-7000-a719-320bd5dba25a"}]','{"names": ["Nora Chief"], "number": 1}');
INSERT INTO "journal" VALUES('01a2183e-0ede-7000-a67e-5cb82dac01a5','2026-11-26 14:24:09.950851','provisioning','role.changed',1,'SCIM','Entra ID','127.0.0.1','01a2183e-0ed8-7000-8223-207f98165010','User','01a2183d-db3f-7000-a719-320bd5dba25a','nora@example.org','[{"attribute": "role", "old": "user", "new": "administrator"}]','{"role": "administrator", "is_mapped": true}');
INSERT INTO "journal" VALUES('01a2183e-0f0c-7000-ad89-b1797833d0f1','2026-11-26 14:24:09.996684','audit','microsoft.linked',1,'person','nora@example.org','127.0.0.1',NULL,'User','01a2183d-db3f-7000-a719-320bd5dba25a','nora@example.org',NULL,'{"account": "nora@example.org", "object_id": "000000b5-1111-2222-3333-444444444444", "rule": "externalId"}');
INSERT INTO "journal" VALUES('01a2183e-0f10-7000-917f-bd3bdef2e9b3','2026-11-26 14:24:10.000035','audit','sign_in.microsoft',1,'person','nora@example.org','127.0.0.1',NULL,'User','01a2183d-db3f-7000-a719-320bd5dba25a','nora@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-0f7a-7000-92ca-1ad000282a2c','2026-11-26 14:24:10.106444','audit','sign_in.local',1,'person','nadia@example.org','127.0.0.1',NULL,'User','01a2183d-dc87-7000-b008-238a8e3b7a06','nadia@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-0f90-7000-92ed-77c7aa78f6f4','2026-11-26 14:24:10.128680','audit','microsoft.linked',1,'command line','command line',NULL,NULL,'User','01a2183d-dc87-7000-b008-238a8e3b7a06','nadia@example.org',NULL,'{"account": "nadia@example.org", "object_id": "000000d1-1111-2222-3333-444444444444", "rule": "the person themselves"}');
INSERT INTO "journal" VALUES('01a2183e-0f94-7000-8194-d6b48ab0a25c','2026-11-26 14:24:10.132244','audit','claimable.set',1,'command line','command line',NULL,NULL,'User','01a2183d-dc87-7000-b008-238a8e3b7a06','nadia@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-0fa2-7000-8319-398b06edcc0b','2026-11-26 14:24:10.146698','audit','microsoft.linked',1,'command line','command line',NULL,NULL,'User','01a2183d-dc84-7000-8407-da303ca19499','grace@elsewhere.example',NULL,'{"account": "grace@example.org", "object_id": "000000d2-1111-2222-3333-444444444444", "rule": "the person themselves"}');
INSERT INTO "journal" VALUES('01a2183e-0faf-7000-8673-045e5e22090b','2026-11-26 14:24:10.159870','provisioning','person.changed',1,'SCIM','Entra ID','127.0.0.1','01a2183e-0fa8-7000-8f05-09a44071aaec','User','01a2183d-daba-7000-aaaa-2358a0dfe596','otto@example.org','[{"attribute": "externalId", "old": "000000b1-1111-2222-3333-444444444444", "new": "000000e1-1111-2222-3333-444444444444"}]','{"attributes": ["externalId"], "sessions_ended": 0}');
INSERT INTO "journal" VALUES('01a2183e-0fdf-7000-ac8e-34656f38536c','2026-11-26 14:24:10.207536','audit','microsoft.conflict',0,'person','otto@example.org','127.0.0.1',NULL,'User','01a2183d-daba-7000-aaaa-2358a0dfe596','otto@example.org',NULL,'{"reason": "otto@example.org is connected with the object ID 000000b1-1111-2222-3333-444444444444, but provisioning says 000000e1-1111-2222-3333-444444444444.", "kind": null}');
INSERT INTO "journal" VALUES('01a2183e-1021-7000-87aa-e5a9b46be9c6','2026-11-26 14:24:10.273573','audit','microsoft.conflict',0,'person','otto@example.org','127.0.0.1',NULL,'User','01a2183d-daba-7000-aaaa-2358a0dfe596','otto@example.org',NULL,'{"reason": "The object ID 000000e1-1111-2222-3333-444444444444 is the externalId of otto@example.org, who is connected with another Microsoft account.", "kind": null}');
INSERT INTO "journal" VALUES('01a2183e-104f-7000-8acd-98ca45b0ffd3','2026-11-26 14:24:10.319067','audit','microsoft.conflict',0,'person','lea@example.org','127.0.0.1',NULL,'User','01a2183d-db69-7000-8cf3-622062386918','lea@example.org',NULL,'{"reason": "The object ID 000000b7-1111-2222-3333-444444444444 is the externalId of lea@example.org and lea.de.vries@example.org.", "kind": null}');
INSERT INTO "journal" VALUES('01a2183e-1083-7000-9fc9-34f39ad0135a','2026-11-26 14:24:10.371065','audit','microsoft.sign_in_refused',0,'person','stranger@example.org','127.0.0.1',NULL,NULL,NULL,NULL,NULL,'{"reason": "There is no account for stranger@example.org.", "kind": null}');
INSERT INTO "journal" VALUES('01a2183e-10af-7000-b0fb-586dfb0e7a2e','2026-11-26 14:24:10.415525','audit','microsoft.sign_in_refused',0,'person','maria@example.org','127.0.0.1',NULL,NULL,NULL,NULL,NULL,'{"reason": "maria@example.org is disabled.", "kind": null}');
INSERT INTO "journal" VALUES('01a2183e-10c1-7000-91d8-31a1114234f8','2026-11-26 14:24:10.433734','provisioning','person.deleted',1,'SCIM','Entra ID','127.0.0.1','01a2183e-10b5-7000-8f98-6d6fa1e1d09a','User','01a2183d-db87-7000-9fcb-f9ddc7f9304f','tom@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-1c9e-7000-903a-b745917ede85','2026-11-26 14:24:13.470306','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a2183d-dba7-7000-b290-38f8d596231b','no.object@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-2c28-7000-904e-4d0ef38e2e11','2026-11-26 14:24:17.448580','audit','role.changed',1,'command line','command line',NULL,NULL,'User','01a2183d-dc74-7000-8694-af7ba06051f7','linus','[{"attribute": "role", "old": "user", "new": "administrator"}]','{"role": "administrator", "is_mapped": false}');
INSERT INTO "journal" VALUES('01a2183e-3052-7000-8940-07c3c9b1906d','2026-11-26 14:24:18.514674','audit','sign_in.local',1,'person','linus','127.0.0.1',NULL,'User','01a2183d-dc74-7000-8694-af7ba06051f7','linus',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-3c25-7000-be8d-1c4142de17d7','2026-11-26 14:24:21.541592','audit','token.revoked',1,'command line','command line',NULL,NULL,'Token','01a2183d-d432-7000-af5e-d5a07e43b627','npn_scim_g8SK…LgV',NULL,NULL);
CREATE TABLE memberships (
	group_id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (group_id, user_id), 
	CONSTRAINT fk_memberships_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "memberships" VALUES('01a2183d-dbc3-7000-ab90-038a06b1b9cc','01a2183d-daba-7000-aaaa-2358a0dfe596');
INSERT INTO "memberships" VALUES('01a2183d-dbc3-7000-ab90-038a06b1b9cc','01a2183d-dad8-7000-89e9-4cde26e3e84b');
INSERT INTO "memberships" VALUES('01a2183d-dbc3-7000-ab90-038a06b1b9cc','01a2183d-db04-7000-ae5a-82f4c7e36e40');
INSERT INTO "memberships" VALUES('01a2183d-dbb3-7000-bdc5-86c616f3f34b','01a2183d-db3f-7000-a719-320bd5dba25a');
CREATE TABLE role_mappings (
	id VARCHAR(36) NOT NULL, 
	app_role VARCHAR, 
	group_id VARCHAR(36), 
	CONSTRAINT pk_role_mappings PRIMARY KEY (id), 
	CONSTRAINT fk_role_mappings_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT uq_role_mappings_app_role UNIQUE (app_role), 
	CONSTRAINT uq_role_mappings_group_id UNIQUE (group_id)
);
INSERT INTO "role_mappings" VALUES('01a2183e-0eb6-7000-88a6-c314a914ed10',NULL,'01a2183d-dbb3-7000-bdc5-86c616f3f34b');
INSERT INTO "role_mappings" VALUES('01a2183e-0ecd-7000-a005-c6435ce657f4','Netpresenter.Admin',NULL);
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
INSERT INTO "scim_tokens" VALUES('01a2183d-c4ce-7000-be09-94fd3de3f439',X'431AB63FB3B51070AB32D5B906FF6F6EF352BE84D7B09A555D5E995BD81C7773','npn_scim_q6ZZ…L1L','Entra ID','jrlBtDx0F752N93AfDL9FSHfy1Rmi5VaI2q_J3iT2Gs','2026-11-26 14:23:50.990521','command line','2026-11-26 14:23:56.572302','127.0.0.1',NULL);
INSERT INTO "scim_tokens" VALUES('01a2183d-d432-7000-af5e-d5a07e43b627',X'88B6D9529E9E0CB2388F6A8F56EA0DBF682348118BD6C2FE90BFE11B908C8A23','npn_scim_g8SK…LgV','Old one','uoQi6d-dgOhNpcXWiq9YW2UBpe-L7GwnhN3wRyA_XCs','2026-11-26 14:23:54.930197','command line',NULL,NULL,'2026-11-26 14:24:21.539318');
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
INSERT INTO "sessions" VALUES(X'5A8F394B229341E2F413194DC7A24DA85890F0842E946EA12B1003B102BE1648','01a2183d-b53e-7000-8801-af59bca5ce74','local','2026-11-26 14:23:57.574658','2026-11-26 14:23:57.574658','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:23:57.573728',NULL,NULL);
INSERT INTO "sessions" VALUES(X'ED5D4C7A506185F069E354154574DC7E8453584835C97BB5532A81FB8E571BB0','01a2183d-dad8-7000-89e9-4cde26e3e84b','microsoft','2026-11-26 14:24:05.528957','2026-11-26 14:24:05.528957','127.0.0.1','Werkzeug/3.1.9','1970-01-01 00:00:00.000000','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'671434EF9A7EFB0A3BDC5AE8199B257797445F1E13648E81DDF4DE18C7060874','01a2183d-db3f-7000-a719-320bd5dba25a','microsoft','2026-11-26 14:24:09.999004','2026-11-26 14:24:09.999004','127.0.0.1','Werkzeug/3.1.9','1970-01-01 00:00:00.000000','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'E2DE70954D583A72277FA16568C305BA414260A5136C5673151CB6E49594CB78','01a2183d-dc87-7000-b008-238a8e3b7a06','local','2026-11-26 14:24:10.105260','2026-11-26 14:24:10.105260','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:24:10.104803',NULL,NULL);
INSERT INTO "sessions" VALUES(X'323E9751B73304A4E9296A76B7CB8F49D9D712B9115505AEA1AF870529F902B8','01a2183d-dc74-7000-8694-af7ba06051f7','local','2026-11-26 14:24:18.510474','2026-11-26 14:24:18.510474','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:24:18.509713',NULL,NULL);
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
INSERT INTO "sign_in_settings" VALUES(1,2,NULL,'11111111-2222-3333-4444-555555555555','66666666-7777-8888-9999-aaaaaaaaaaaa',X'6741414141414272434545464F70414251417A3532574763385A7A446F6F6530515F4E41574C44556866423763477343794C5F506E716F4155392D67424F45344663664A4D7559503458485951506757466F5A6F496B6C6F6741553069447042645835434371764F71732D6A3275576674754A7076646B3D',NULL,NULL,'93a5d3c9d03eb138eb9f4142dbd8c703b90a0f83ef984f4ccf352c26ca0e9b1c','2026-11-26 14:24:05.416988','command line',NULL,NULL,NULL,0,0,0,480,168);
CREATE TABLE unstored_attributes (
	resource_type VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	last_at DATETIME NOT NULL, 
	CONSTRAINT pk_unstored_attributes PRIMARY KEY (resource_type, name)
);
INSERT INTO "unstored_attributes" VALUES('User','shoeSize','2026-11-26 14:23:57.022102');
CREATE TABLE users (
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
	last_sign_in_method VARCHAR, object_id VARCHAR(36), role_is_mapped BOOLEAN DEFAULT 0 NOT NULL, is_handed_over BOOLEAN DEFAULT 0 NOT NULL, password_used_at DATETIME, 
	CONSTRAINT pk_users PRIMARY KEY (id), 
	CONSTRAINT uq_users_external_id UNIQUE (external_id), 
	CONSTRAINT uq_users_user_name_key UNIQUE (user_name_key)
);
INSERT INTO "users" VALUES('01a2183d-b53e-7000-8801-af59bca5ce74','{"userName": "ada", "active": true}',1,'2026-11-26 14:23:47.006884','2026-11-26 14:23:47.006884','ada','ada',NULL,NULL,'ada',NULL,NULL,0,NULL,1,0,0,'administrator',1,'$argon2id$v=19$m=19456,t=2,p=1$AJ7QW0MAwV0Hhh/UnsTESA$EuFuV2vLP6Dlcw2VYub+WnpyVygttjFzWZUfGRuC7Ns','2026-11-26 14:23:47.006884','2026-11-26 14:23:57.575977','local',NULL,0,0,'2026-11-26 14:23:57.575977');
INSERT INTO "users" VALUES('01a2183d-daba-7000-aaaa-2358a0dfe596','{"userName": "otto@example.org", "externalId": "000000e1-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "otto@example.org", "primary": true}], "displayName": "Otto Visser", "title": "Head of News"}',2,'2026-11-26 14:23:56.602957','2026-11-26 14:24:10.154013','otto@example.org','otto@example.org','000000e1-1111-2222-3333-444444444444','Otto Visser','otto visser','otto@example.org','otto@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,'2026-11-26 14:24:05.655187','microsoft','000000e1-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-dad8-7000-89e9-4cde26e3e84b','{"userName": "jane@example.org", "externalId": "0000aaaa-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "jane@example.org", "primary": true}], "name": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}, "displayName": "Jane Bakker", "preferredLanguage": "nl-NL", "phoneNumbers": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}], "addresses": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a2183d-daba-7000-aaaa-2358a0dfe596"}}}',1,'2026-11-26 14:23:56.632927','2026-11-26 14:23:56.632927','jane@example.org','jane@example.org','0000aaaa-1111-2222-3333-444444444444','Jane Bakker','jane bakker','jane@example.org','jane@example.org',0,'01a2183d-daba-7000-aaaa-2358a0dfe596',1,1,0,'user',0,NULL,NULL,'2026-11-26 14:24:05.529650','microsoft','0000aaaa-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-daf0-7000-a100-2bd5e63dbd0c','{"userName": "maria@example.org", "externalId": "000000b2-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "maria@example.org", "primary": true}], "displayName": "Maria N\u00fa\u00f1ez"}',1,'2026-11-26 14:23:56.656306','2026-11-26 14:23:56.656306','maria@example.org','maria@example.org','000000b2-1111-2222-3333-444444444444','Maria Núñez','maria núñez','maria@example.org','maria@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b2-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-db04-7000-ae5a-82f4c7e36e40','{"userName": "zo\u00eb@example.org", "externalId": "zoe", "active": true, "emails": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}], "displayName": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}',1,'2026-11-26 14:23:56.676282','2026-11-26 14:23:56.676282','zoë@example.org','zoë@example.org','zoe','Zoë O''Neil; "Z"
de Boer','zoë o''neil; "z"
de boer','zoe@example.org','zoe@example.org',1,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-db0f-7000-bff3-71045ab85a1c','{"userName": "piet@example.org", "externalId": "000000b3-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "piet@example.org", "primary": true}], "displayName": "Piet de Wit"}',1,'2026-11-26 14:23:56.687891','2026-11-26 14:23:56.687891','piet@example.org','piet@example.org','000000b3-1111-2222-3333-444444444444','Piet de Wit','piet de wit','piet@example.org','piet@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,'2026-11-26 14:24:05.757236','microsoft','000000b3-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-db28-7000-abce-91cc591eee71','{"userName": "kofi@example.org", "externalId": "000000B4-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "kofi@example.org", "primary": true}], "roles": [{"value": "Editor", "display": "Editor", "primary": true}]}',2,'2026-11-26 14:23:56.712121','2026-11-26 14:23:57.000752','kofi@example.org','kofi@example.org','000000B4-1111-2222-3333-444444444444',NULL,'kofi@example.org','kofi@example.org','kofi@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b4-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-db3f-7000-a719-320bd5dba25a','{"userName": "nora@example.org", "externalId": "000000b5-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "nora@example.org", "primary": true}], "displayName": "Nora Chief"}',1,'2026-11-26 14:23:56.735772','2026-11-26 14:23:56.735772','nora@example.org','nora@example.org','000000b5-1111-2222-3333-444444444444','Nora Chief','nora chief','nora@example.org','nora@example.org',0,NULL,1,1,0,'administrator',0,NULL,NULL,'2026-11-26 14:24:09.999651','microsoft','000000b5-1111-2222-3333-444444444444',1,0,NULL);
INSERT INTO "users" VALUES('01a2183d-db50-7000-b4e8-e6cd48728a53','{"userName": "\u0430da@example.org", "externalId": "000000b6-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "ada@example.org", "primary": true}], "displayName": "A\u202eda"}',1,'2026-11-26 14:23:56.752057','2026-11-26 14:23:56.752057','аda@example.org','аda@example.org','000000b6-1111-2222-3333-444444444444','A‮da','a‮da','ada@example.org','ada@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b6-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-db69-7000-8cf3-622062386918','{"userName": "lea@example.org", "externalId": "000000b7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea@example.org", "primary": true}], "nickName": "Lea"}',1,'2026-11-26 14:23:56.777019','2026-11-26 14:23:56.777019','lea@example.org','lea@example.org','000000b7-1111-2222-3333-444444444444',NULL,'lea@example.org','lea@example.org','lea@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-db77-7000-a998-df9057d706db','{"userName": "lea.de.vries@example.org", "externalId": "000000B7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}], "nickName": "Lea 2"}',1,'2026-11-26 14:23:56.791208','2026-11-26 14:23:56.791208','lea.de.vries@example.org','lea.de.vries@example.org','000000B7-1111-2222-3333-444444444444',NULL,'lea.de.vries@example.org','lea.de.vries@example.org','lea.de.vries@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-db98-7000-9f42-bbeefc3b4cfe','{"userName": "wim@example.org", "externalId": "000000b9-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "wim@example.org", "primary": true}], "displayName": "Wim"}',2,'2026-11-26 14:23:56.824139','2026-11-26 14:23:57.027302','wim@example.org','wim@example.org','000000b9-1111-2222-3333-444444444444','Wim','wim','wim@example.org','wim@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b9-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-dba7-7000-b290-38f8d596231b','{"userName": "no.object@example.org", "externalId": "someone", "active": true, "emails": [{"type": "work", "value": "no.object@example.org", "primary": true}], "displayName": "No Object"}',1,'2026-11-26 14:23:56.839283','2026-11-26 14:23:56.839283','no.object@example.org','no.object@example.org','someone','No Object','no object','no.object@example.org','no.object@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-dc74-7000-8694-af7ba06051f7','{"userName": "linus", "active": true}',1,'2026-11-26 14:23:57.044671','2026-11-26 14:23:57.044671','linus','linus',NULL,NULL,'linus',NULL,NULL,0,NULL,1,0,0,'administrator',0,'$argon2id$v=19$m=19456,t=2,p=1$H/m5dWGiZt8R5xVbQYmdNg$LMM8Qn/mF0kAxsRIqGXiD42cOyFqajUBAqKDVEe0NRI','2026-11-26 14:23:57.044671','2026-11-26 14:24:18.513820','local',NULL,0,0,'2026-11-26 14:24:18.513820');
INSERT INTO "users" VALUES('01a2183d-dc7c-7000-a40b-63aeca129317','{"userName": "mallory", "active": true}',1,'2026-11-26 14:23:57.052833','2026-11-26 14:23:57.052833','mallory','mallory',NULL,NULL,'mallory',NULL,NULL,0,NULL,1,0,1,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$H/m5dWGiZt8R5xVbQYmdNg$LMM8Qn/mF0kAxsRIqGXiD42cOyFqajUBAqKDVEe0NRI','2026-11-26 14:23:57.052833',NULL,NULL,NULL,0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-dc84-7000-8407-da303ca19499','{"userName": "grace@elsewhere.example", "active": true}',1,'2026-11-26 14:23:57.060272','2026-11-26 14:23:57.060272','grace@elsewhere.example','grace@elsewhere.example',NULL,NULL,'grace@elsewhere.example',NULL,NULL,0,NULL,1,0,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$H/m5dWGiZt8R5xVbQYmdNg$LMM8Qn/mF0kAxsRIqGXiD42cOyFqajUBAqKDVEe0NRI','2026-11-26 14:23:57.060272',NULL,NULL,NULL,0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-dc87-7000-b008-238a8e3b7a06','{"userName": "nadia@example.org", "active": true}',1,'2026-11-26 14:23:57.063862','2026-11-26 14:23:57.063862','nadia@example.org','nadia@example.org',NULL,NULL,'nadia@example.org',NULL,NULL,0,NULL,1,1,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$H/m5dWGiZt8R5xVbQYmdNg$LMM8Qn/mF0kAxsRIqGXiD42cOyFqajUBAqKDVEe0NRI','2026-11-26 14:23:57.063862','2026-11-26 14:24:10.105931','local',NULL,0,1,'2026-11-26 14:24:10.105931');
CREATE INDEX ix_groups_external_id ON groups (external_id);
CREATE INDEX ix_users_administrators ON users (role) WHERE role = 'administrator';
CREATE INDEX ix_users_shown_name_key ON users (shown_name_key);
CREATE INDEX ix_users_has_more_work_emails ON users (has_more_work_emails) WHERE has_more_work_emails = 1;
CREATE INDEX ix_users_manager_id ON users (manager_id);
CREATE INDEX ix_users_provisioned ON users (is_provisioned, id);
CREATE INDEX ix_users_work_email_key ON users (work_email_key);
CREATE INDEX ix_memberships_user_id ON memberships (user_id, group_id);
CREATE INDEX ix_sessions_user_id ON sessions (user_id);
CREATE INDEX ix_users_object_id ON users (object_id);
CREATE INDEX ix_sessions_oidc_session ON sessions (oidc_session);
CREATE INDEX ix_journal_target_id ON journal (target_id);
CREATE INDEX ix_journal_log_at ON journal (log, at);
CREATE INDEX ix_journal_refused ON journal (event, at) WHERE succeeded = 0;
COMMIT;
