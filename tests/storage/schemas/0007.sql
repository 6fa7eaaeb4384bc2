-- live token: npn_scim_tReSsXPIzfA1aovfM9U8grAY8Z9fZXJZ7ECZ4OAiiCY23wD6P
-- revoked token: npn_scim_fKZCOmgEfLNHNTyD6fosr6WnvIU02owHO2a1MCv77dS0K6V3h
PRAGMA application_id = 1313885745;
PRAGMA user_version = 0;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0007');
CREATE TABLE blocks (
	user_id VARCHAR(36) NOT NULL, 
	kind VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	blocked_at DATETIME NOT NULL, 
	blocked_by VARCHAR NOT NULL, 
	CONSTRAINT pk_blocks PRIMARY KEY (user_id, kind, value)
);
INSERT INTO "blocks" VALUES('01a2183f-cb00-7000-9bab-2061949e8217','user name','mallory','2026-11-26 14:26:07.995706','command line');
INSERT INTO "blocks" VALUES('01a2183f-c980-7000-8179-874defe6f8ea','object ID','000000b3-1111-2222-3333-444444444444','2026-11-26 14:26:17.224350','command line');
INSERT INTO "blocks" VALUES('01a2183f-ca02-7000-9ed6-5965ecb21211','user name','no.object@example.org','2026-11-26 14:26:20.546110','command line');
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
INSERT INTO "conflicts" VALUES('01a2183f-c9d9-7000-ae71-865b6c2d74d9','01a2183f-c9c7-7000-ad59-5d018b575d52','shared_object_id','000000b7-1111-2222-3333-444444444444','','000000b7-1111-2222-3333-444444444444','2026-11-26 14:26:03.346392','2026-11-26 14:26:03.346392');
INSERT INTO "conflicts" VALUES('01a2183f-c9db-7000-9246-fa368d373069','01a2183f-c9ba-7000-ad39-0c09b8c95aff','shared_object_id','000000b7-1111-2222-3333-444444444444','','000000b7-1111-2222-3333-444444444444','2026-11-26 14:26:03.354665','2026-11-26 14:26:03.354665');
INSERT INTO "conflicts" VALUES('01a21840-042b-7000-9e46-8aafe135faba','01a2183f-c932-7000-81b1-75921e771701','link_disagrees','000000e1-1111-2222-3333-444444444444','otto@example.org','000000e1-1111-2222-3333-444444444444','2026-11-26 14:26:18.282353','2026-11-26 14:26:18.370447');
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
INSERT INTO "deleted_people" VALUES('01a2183f-c9e2-7000-bd19-f7bc6449507d','tom@example.org','tom@example.org','000000b8-1111-2222-3333-444444444444',NULL,'2026-11-26 14:26:18.518471','Entra ID');
CREATE TABLE emergency_sign_ins (
	id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	user_name VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	address VARCHAR NOT NULL, 
	session_digest BLOB NOT NULL, 
	CONSTRAINT pk_emergency_sign_ins PRIMARY KEY (id)
);
INSERT INTO "emergency_sign_ins" VALUES('01a2183f-cdfb-7001-bd9b-935c6f9670e6','01a2183f-a253-7000-aa34-0cb59c17e1b0','ada','2026-11-26 14:26:04.411621','127.0.0.1',X'2528001B7096F45C056F47A1A20C868435EAD3E39E973286F5C86EF1D5493763');
CREATE TABLE groups (
	id VARCHAR(36) NOT NULL, 
	document JSON NOT NULL, 
	version INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	modified_at DATETIME NOT NULL, 
	display_name VARCHAR NOT NULL, 
	display_name_key VARCHAR NOT NULL, 
	external_id VARCHAR, name_skeleton VARCHAR DEFAULT '' NOT NULL, 
	CONSTRAINT pk_groups PRIMARY KEY (id), 
	CONSTRAINT uq_groups_display_name_key UNIQUE (display_name_key)
);
INSERT INTO "groups" VALUES('01a2183f-ca0f-7000-a78b-2686d7cc40b3','{"displayName": "Chief editors", "externalId": "000000c1-1111-2222-3333-444444444444"}',2,'2026-11-26 14:26:03.407468','2026-11-26 14:26:18.027340','Chief editors','chief editors','000000c1-1111-2222-3333-444444444444','chlef edltors');
INSERT INTO "groups" VALUES('01a2183f-ca1e-7000-b270-2789d55fd326','{"displayName": "Readers"}',6,'2026-11-26 14:26:03.422466','2026-11-26 14:26:03.489186','Readers','readers',NULL,'readers');
INSERT INTO "groups" VALUES('01a2183f-ca6a-7000-8025-3a797c68c0da','{"displayName": "Empty \u2116 1"}',1,'2026-11-26 14:26:03.498865','2026-11-26 14:26:03.498865','Empty № 1','empty no 1',NULL,'ernpty no l');
CREATE TABLE guesses (
	id VARCHAR(36) NOT NULL, 
	at FLOAT NOT NULL, 
	account VARCHAR, 
	network VARCHAR NOT NULL, 
	browser VARCHAR, 
	CONSTRAINT pk_guesses PRIMARY KEY (id)
);
INSERT INTO "guesses" VALUES('01a2183f-cd04-7000-9cee-c1b4b19fff95',1795703164.1647885,NULL,'127.0.0.1',NULL);
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
INSERT INTO "identities" VALUES('01a2183f-c957-7000-8298-006d876d85f1','11111111-2222-3333-4444-5555aaaabbbb','0000aaaa-1111-2222-3333-444444444444','pairwise','jane@example.org','["Editor"]','2026-11-26 14:26:13.838592','externalId');
INSERT INTO "identities" VALUES('01a2183f-c932-7000-81b1-75921e771701','11111111-2222-3333-4444-5555aaaabbbb','000000b1-1111-2222-3333-444444444444','pairwise','otto@example.org','[]','2026-11-26 14:26:14.046057','externalId');
INSERT INTO "identities" VALUES('01a2183f-c980-7000-8179-874defe6f8ea','11111111-2222-3333-4444-5555aaaabbbb','000000b3-1111-2222-3333-444444444444','pairwise','piet@example.org','[]','2026-11-26 14:26:14.210581','externalId');
INSERT INTO "identities" VALUES('01a2183f-c9a3-7000-a7ab-a4184f4c9dcc','11111111-2222-3333-4444-5555aaaabbbb','000000b5-1111-2222-3333-444444444444','pairwise','nora@example.org','[]','2026-11-26 14:26:18.085884','externalId');
INSERT INTO "identities" VALUES('01a2183f-cb14-7000-9a57-d6ff020e93c8','11111111-2222-3333-4444-5555aaaabbbb','000000d1-1111-2222-3333-444444444444','pairwise','nadia@example.org','[]','2026-11-26 14:26:18.253705','the person themselves');
INSERT INTO "identities" VALUES('01a2183f-cb08-7000-9feb-3c74a5c293ee','11111111-2222-3333-4444-5555aaaabbbb','000000d2-1111-2222-3333-444444444444','pairwise','grace@example.org','[]','2026-11-26 14:26:18.267767','the person themselves');
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
INSERT INTO "journal" VALUES('01a2183f-a259-7000-9ca2-6480845a9693','2026-11-26 14:25:53.241448','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183f-a253-7000-aa34-0cb59c17e1b0','ada','[{"attribute": "userName", "new": "ada"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-b2d8-7000-b5f3-bf02263d8b5b','2026-11-26 14:25:57.464726','audit','token.issued',1,'command line','command line',NULL,NULL,'Token','01a2183f-b2d7-7000-bf37-37a1c97bb951','npn_scim_tReS…D6P',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c361-7000-812e-2f9062166c1a','2026-11-26 14:26:01.697820','audit','token.issued',1,'command line','command line',NULL,NULL,'Token','01a2183f-c360-7000-9e61-dbdc6581b2e7','npn_scim_fKZC…V3h',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c935-7000-a19a-b257bf3f40ae','2026-11-26 14:26:03.189938','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-c924-7000-b6d6-7fe40ef97ad7','User','01a2183f-c932-7000-81b1-75921e771701','otto@example.org','[{"attribute": "userName", "new": "otto@example.org"}, {"attribute": "externalId", "new": "000000b1-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "otto@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Otto Visser"}, {"attribute": "title", "new": "Head of News"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c958-7000-8f29-221fbea3ebc8','2026-11-26 14:26:03.224429','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-c956-7000-9924-b05b9deaa33d','User','01a2183f-c957-7000-8298-006d876d85f1','jane@example.org','[{"attribute": "userName", "new": "jane@example.org"}, {"attribute": "externalId", "new": "0000aaaa-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "jane@example.org", "primary": true}]}, {"attribute": "name", "new": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}}, {"attribute": "displayName", "new": "Jane Bakker"}, {"attribute": "preferredLanguage", "new": "nl-NL"}, {"attribute": "phoneNumbers", "new": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}]}, {"attribute": "addresses", "new": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}]}, {"attribute": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "new": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a2183f-c932-7000-81b1-75921e771701"}}}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c962-7001-98ed-86151c111c2f','2026-11-26 14:26:03.234552','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-c960-7000-991c-172977534ebc','User','01a2183f-c962-7000-907a-db0dc730e296','maria@example.org','[{"attribute": "userName", "new": "maria@example.org"}, {"attribute": "externalId", "new": "000000b2-1111-2222-3333-444444444444"}, {"attribute": "active", "new": false}, {"attribute": "emails", "new": [{"type": "work", "value": "maria@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Maria N\u00fa\u00f1ez"}]','{"is_active": false}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c975-7000-bd9d-a05e2de11618','2026-11-26 14:26:03.253404','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-c96e-7000-824c-e6e52a4db745','User','01a2183f-c974-7000-95ac-a8079cf51fcd','zoë@example.org','[{"attribute": "userName", "new": "zo\u00eb@example.org"}, {"attribute": "externalId", "new": "zoe"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}]}, {"attribute": "displayName", "new": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c981-7000-8503-a0f9c78d103e','2026-11-26 14:26:03.265268','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-c97e-7000-b75c-5ba3840c2ca5','User','01a2183f-c980-7000-8179-874defe6f8ea','piet@example.org','[{"attribute": "userName", "new": "piet@example.org"}, {"attribute": "externalId", "new": "000000b3-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "piet@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Piet de Wit"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c993-7000-b266-ea3d28e1c45c','2026-11-26 14:26:03.283450','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-c98f-7000-ac6a-a1e471624e1a','User','01a2183f-c992-7000-85b1-6d80e7d69b61','kofi@example.org','[{"attribute": "userName", "new": "kofi@example.org"}, {"attribute": "externalId", "new": "000000B4-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "kofi@example.org", "primary": true}]}, {"attribute": "roles", "new": [{"value": "Editor", "display": "Editor", "primary": true}]}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c9a3-7001-9892-b41e729e1d53','2026-11-26 14:26:03.299566','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-c9a1-7000-822b-c9051a263967','User','01a2183f-c9a3-7000-a7ab-a4184f4c9dcc','nora@example.org','[{"attribute": "userName", "new": "nora@example.org"}, {"attribute": "externalId", "new": "000000b5-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "nora@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Nora Chief"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c9b0-7000-918c-838ee8fb9919','2026-11-26 14:26:03.312255','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-c9a9-7000-b46d-d20bff1047bc','User','01a2183f-c9af-7000-864b-0f5f03c78215','аda@example.org','[{"attribute": "userName", "new": "\u0430da@example.org"}, {"attribute": "externalId", "new": "000000b6-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "ada@example.org", "primary": true}]}, {"attribute": "displayName", "new": "A\u202eda"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c9bb-7000-be47-c0ce36fba1dc','2026-11-26 14:26:03.323397','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-c9b9-7000-9342-0d22c47944e4','User','01a2183f-c9ba-7000-ad39-0c09b8c95aff','lea@example.org','[{"attribute": "userName", "new": "lea@example.org"}, {"attribute": "externalId", "new": "000000b7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c9c8-7000-964d-d65a56a4a60e','2026-11-26 14:26:03.336126','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-c9c0-7000-a246-bdc6b742b862','User','01a2183f-c9c7-7000-ad59-5d018b575d52','lea.de.vries@example.org','[{"attribute": "userName", "new": "lea.de.vries@example.org"}, {"attribute": "externalId", "new": "000000B7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea 2"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c9da-7000-a29b-eb4d01f5aa61','2026-11-26 14:26:03.354394','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a2183f-c9c0-7000-a246-bdc6b742b862','User','01a2183f-c9c7-7000-ad59-5d018b575d52','lea.de.vries@example.org',NULL,'{"reason": "shared_object_id", "value": "000000b7-1111-2222-3333-444444444444", "claimant": ""}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c9db-7001-b836-4efb648c2f19','2026-11-26 14:26:03.355885','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a2183f-c9c0-7000-a246-bdc6b742b862','User','01a2183f-c9ba-7000-ad39-0c09b8c95aff','lea@example.org',NULL,'{"reason": "shared_object_id", "value": "000000b7-1111-2222-3333-444444444444", "claimant": ""}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c9e7-7000-badf-46aaf6f86397','2026-11-26 14:26:03.367520','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-c9e1-7000-86af-180dfd562fe2','User','01a2183f-c9e2-7000-bd19-f7bc6449507d','tom@example.org','[{"attribute": "userName", "new": "tom@example.org"}, {"attribute": "externalId", "new": "000000b8-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "tom@example.org", "primary": true}]}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-c9f6-7000-9e0e-e4141c6a1d83','2026-11-26 14:26:03.382350','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-c9f3-7000-8caf-2e31f4ab68ba','User','01a2183f-c9f5-7000-959c-6574f728434a','wim@example.org','[{"attribute": "userName", "new": "wim@example.org"}, {"attribute": "externalId", "new": "000000b9-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "wim@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Wim"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-ca03-7000-8220-cb9c83aa387d','2026-11-26 14:26:03.395540','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-ca01-7000-be63-5ab57dd4b082','User','01a2183f-ca02-7000-9ed6-5965ecb21211','no.object@example.org','[{"attribute": "userName", "new": "no.object@example.org"}, {"attribute": "externalId", "new": "someone"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "no.object@example.org", "primary": true}]}, {"attribute": "displayName", "new": "No Object"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-ca11-7000-8e96-8948c83c8ee5','2026-11-26 14:26:03.409539','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-ca0d-7000-89cf-d73e89c8db8b','Group','01a2183f-ca0f-7000-a78b-2686d7cc40b3','Chief editors','[{"attribute": "displayName", "new": "Chief editors"}, {"attribute": "externalId", "new": "000000c1-1111-2222-3333-444444444444"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-ca23-7000-abff-be97fa16399c','2026-11-26 14:26:03.427350','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-ca1d-7000-8ec3-ab8fbb121552','Group','01a2183f-ca1e-7000-b270-2789d55fd326','Readers','[{"attribute": "displayName", "new": "Readers"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-ca3a-7000-a538-d69762112555','2026-11-26 14:26:03.450980','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183f-ca29-7000-840d-cc0034141a8c','Group','01a2183f-ca1e-7000-b270-2789d55fd326','Readers','[{"attribute": "members", "new": "01a2183f-c957-7000-8298-006d876d85f1"}]','{"names": ["Jane Bakker"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-ca47-7000-89aa-21f318c0c622','2026-11-26 14:26:03.463878','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183f-ca45-7000-aff4-c47c219bcb4a','Group','01a2183f-ca1e-7000-b270-2789d55fd326','Readers','[{"attribute": "members", "new": "01a2183f-c932-7000-81b1-75921e771701"}]','{"names": ["Otto Visser"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-ca54-7000-aeac-a6a412c4e506','2026-11-26 14:26:03.476520','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183f-ca4e-7000-9033-f4be5cf3b5d2','Group','01a2183f-ca1e-7000-b270-2789d55fd326','Readers','[{"attribute": "members", "new": "01a2183f-c974-7000-95ac-a8079cf51fcd"}]','{"names": ["Zo\u00eb O''Neil; \"Z\" de Boer"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-ca61-7000-9d9d-223eeffd2d81','2026-11-26 14:26:03.489542','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183f-ca5f-7000-88cc-65bae163f897','Group','01a2183f-ca1e-7000-b270-2789d55fd326','Readers','[{"attribute": "members", "new": "01a2183f-c9e2-7000-bd19-f7bc6449507d"}]','{"names": ["tom@example.org"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-ca6b-7000-b076-5972a15c08d1','2026-11-26 14:26:03.499529','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-ca69-7000-a723-23f3ec9cd853','Group','01a2183f-ca6a-7000-8025-3a797c68c0da','Empty № 1','[{"attribute": "displayName", "new": "Empty \u2116 1"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-ca77-7000-adee-db8846f0b8cb','2026-11-26 14:26:03.511427','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183f-ca75-7000-b8f1-28d34556bce6','Group','01a2183f-ca76-7000-8bdd-b6a88772d43b','Gone','[{"attribute": "displayName", "new": "Gone"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-ca83-7000-b2bb-972ff3063213','2026-11-26 14:26:03.523815','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183f-ca81-7000-bac1-da4ee4a2fc35','Group','01a2183f-ca76-7000-8bdd-b6a88772d43b','Gone','[{"attribute": "members", "new": "01a2183f-c957-7000-8298-006d876d85f1"}]','{"names": ["Jane Bakker"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-ca94-7000-9751-ebddfc7722a7','2026-11-26 14:26:03.540499','provisioning','group.deleted',1,'SCIM','Entra ID','127.0.0.1','01a2183f-ca91-7000-9632-a91e4a9f77bb','Group','01a2183f-ca76-7000-8bdd-b6a88772d43b','Gone',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-caa8-7000-8dbd-b13b93e76f2a','2026-11-26 14:26:03.560751','provisioning','person.disabled',1,'SCIM','Entra ID','127.0.0.1','01a2183f-ca9d-7000-b68a-67177fad369e','User','01a2183f-c992-7000-85b1-6d80e7d69b61','kofi@example.org','[{"attribute": "active", "old": true, "new": false}]','{"attributes": ["active"], "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-cac4-7000-bd72-666b17fad226','2026-11-26 14:26:03.588794','provisioning','person.disabled',1,'SCIM','Entra ID','127.0.0.1','01a2183f-cab6-7000-ae05-a59bd6e2308d','User','01a2183f-c9f5-7000-959c-6574f728434a','wim@example.org','[{"attribute": "active", "old": true, "new": false}]','{"attributes": ["active"], "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-cae4-7000-a368-73c48e5d0421','2026-11-26 14:26:03.620339','provisioning','token.refused',0,'SCIM','','127.0.0.1',NULL,NULL,NULL,NULL,NULL,'{"reason": "This is only part of a token (17 of 58 characters)."}','2026-11-26T14:15/token.refused/085f621087474d34c3e784135228b1c7',1,'2026-11-26 14:26:03.620339');
INSERT INTO "journal" VALUES('01a2183f-caf2-7000-a174-1b7dac4ff4ea','2026-11-26 14:26:03.634372','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183f-caf1-7000-9501-27211751074a','linus','[{"attribute": "userName", "new": "linus"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-cb01-7000-8d81-c472aebfa942','2026-11-26 14:26:03.649689','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183f-cb00-7000-9bab-2061949e8217','mallory','[{"attribute": "userName", "new": "mallory"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-cb09-7000-8b80-a48c502444d6','2026-11-26 14:26:03.657647','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183f-cb08-7000-9feb-3c74a5c293ee','grace@elsewhere.example','[{"attribute": "userName", "new": "grace@elsewhere.example"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-cb15-7000-87d0-3a15ffb08817','2026-11-26 14:26:03.669199','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183f-cb14-7000-9a57-d6ff020e93c8','nadia@example.org','[{"attribute": "userName", "new": "nadia@example.org"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-cc77-7000-b56e-0d4a2b1350d5','2026-11-26 14:26:04.024038','audit','sign_in.local',1,'person','linus','127.0.0.1',NULL,'User','01a2183f-caf1-7000-9501-27211751074a','linus',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-cd63-7000-bba7-edaca96d8231','2026-11-26 14:26:04.259520','audit','sign_in.failed',0,'visitor','','127.0.0.1',NULL,'User','01a2183f-caf1-7000-9501-27211751074a','linus',NULL,NULL,'2026-11-26T14:15/sign_in.failed/db366bf33d987cc446db61b1b07dac68',1,'2026-11-26 14:26:04.259520');
INSERT INTO "journal" VALUES('01a2183f-cdfb-7000-ad49-2a4b545de4b0','2026-11-26 14:26:04.411285','audit','sign_in.emergency',1,'person','ada','127.0.0.1',NULL,'User','01a2183f-a253-7000-aa34-0cb59c17e1b0','ada',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-dbfd-7000-9428-f28db9a9297a','2026-11-26 14:26:07.997498','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a2183f-cb00-7000-9bab-2061949e8217','mallory',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-f22b-7000-9d89-df9b5d9d78aa','2026-11-26 14:26:13.675177','audit','settings.changed',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID','[{"attribute": "tenant_id", "new": "11111111-2222-3333-4444-5555aaaabbbb"}, {"attribute": "client_id", "new": "66666666-7777-8888-9999-aaaaaaaaaaaa"}, {"attribute": "secret", "new": "changed"}]','{"part": "connection", "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-f22c-7000-9030-217660d94bc5','2026-11-26 14:26:13.676730','audit','sign_in.tested',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-f2d9-7000-a5df-49d2e3de0944','2026-11-26 14:26:13.849278','audit','microsoft.linked',1,'Microsoft account','jane@example.org (0000aaaa-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a2183f-c957-7000-8298-006d876d85f1','jane@example.org',NULL,'{"account": "jane@example.org", "object_id": "0000aaaa-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-f30c-7000-bf16-315316d4807d','2026-11-26 14:26:13.900459','audit','sign_in.microsoft',1,'person','jane@example.org','127.0.0.1',NULL,'User','01a2183f-c957-7000-8298-006d876d85f1','jane@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-f39e-7000-9cf5-dafc86038e81','2026-11-26 14:26:14.046874','audit','microsoft.linked',1,'Microsoft account','otto@example.org (000000b1-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a2183f-c932-7000-81b1-75921e771701','otto@example.org',NULL,'{"account": "otto@example.org", "object_id": "000000b1-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-f3a6-7000-b46f-7e381d62ca2b','2026-11-26 14:26:14.054861','audit','sign_in.microsoft',1,'person','otto@example.org','127.0.0.1',NULL,'User','01a2183f-c932-7000-81b1-75921e771701','otto@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-f44b-7000-a412-947ae5a66b14','2026-11-26 14:26:14.220036','audit','microsoft.linked',1,'Microsoft account','piet@example.org (000000b3-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a2183f-c980-7000-8179-874defe6f8ea','piet@example.org',NULL,'{"account": "piet@example.org", "object_id": "000000b3-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a2183f-f45d-7000-a9dc-c12f178690ef','2026-11-26 14:26:14.237426','audit','sign_in.microsoft',1,'person','piet@example.org','127.0.0.1',NULL,'User','01a2183f-c980-7000-8179-874defe6f8ea','piet@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-0009-7000-b090-956badb3daa5','2026-11-26 14:26:17.225580','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a2183f-c980-7000-8179-874defe6f8ea','piet@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-0315-7000-8b3d-d53dc44fa564','2026-11-26 14:26:18.005572','audit','role_mapping.added',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings',NULL,'{"app_role": null, "group": "Chief editors"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-0320-7000-b5e4-3f2acc0c1e63','2026-11-26 14:26:18.016293','audit','role_mapping.added',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings',NULL,'{"app_role": "Netpresenter.Admin", "group": null}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-032b-7000-be41-fa16ed223245','2026-11-26 14:26:18.027915','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21840-0328-7000-887b-afd23c23a3ce','Group','01a2183f-ca0f-7000-a78b-2686d7cc40b3','Chief editors','[{"attribute": "members", "new": "01a2183f-c9a3-7000-a7ab-a4184f4c9dcc"}]','{"names": ["Nora Chief"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-0332-7000-98cd-236f4d81986b','2026-11-26 14:26:18.034087','provisioning','role.changed',1,'SCIM','Entra ID','127.0.0.1','01a21840-0328-7000-887b-afd23c23a3ce','User','01a2183f-c9a3-7000-a7ab-a4184f4c9dcc','nora@example.org','[{"attribute": "role", "old": "user", "new": "administrator"}]','{"role": "administrator", "is_mapped": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-0366-7000-80fd-7e84003e8ae0','2026-11-26 14:26:18.086918','audit','microsoft.linked',1,'Microsoft account','nora@example.org (000000b5-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a2183f-c9a3-7000-a7ab-a4184f4c9dcc','nora@example.org',NULL,'{"account": "nora@example.org", "object_id": "000000b5-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-0370-7000-b488-76760cb165d1','2026-11-26 14:26:18.096658','audit','sign_in.microsoft',1,'person','nora@example.org','127.0.0.1',NULL,'User','01a2183f-c9a3-7000-a7ab-a4184f4c9dcc','nora@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-0401-7000-acdc-1c636fd0629c','2026-11-26 14:26:18.241980','audit','sign_in.local',1,'person','nadia@example.org','127.0.0.1',NULL,'User','01a2183f-cb14-7000-9a57-d6ff020e93c8','nadia@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-040e-7000-8d7c-231718841d2c','2026-11-26 14:26:18.254401','audit','microsoft.linked',1,'command line','command line',NULL,NULL,'User','01a2183f-cb14-7000-9a57-d6ff020e93c8','nadia@example.org',NULL,'{"account": "nadia@example.org", "object_id": "000000d1-1111-2222-3333-444444444444", "rule": "the person themselves"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-0415-7000-9259-be9ca054b210','2026-11-26 14:26:18.261760','audit','claimable.set',1,'command line','command line',NULL,NULL,'User','01a2183f-cb14-7000-9a57-d6ff020e93c8','nadia@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-041c-7000-8192-df6b5e627d52','2026-11-26 14:26:18.268461','audit','microsoft.linked',1,'command line','command line',NULL,NULL,'User','01a2183f-cb08-7000-9feb-3c74a5c293ee','grace@elsewhere.example',NULL,'{"account": "grace@example.org", "object_id": "000000d2-1111-2222-3333-444444444444", "rule": "the person themselves"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-0428-7000-8baa-7e7e005ed119','2026-11-26 14:26:18.280188','provisioning','person.changed',1,'SCIM','Entra ID','127.0.0.1','01a21840-0425-7000-8d40-a51aa000f71e','User','01a2183f-c932-7000-81b1-75921e771701','otto@example.org','[{"attribute": "externalId", "old": "000000b1-1111-2222-3333-444444444444", "new": "000000e1-1111-2222-3333-444444444444"}]','{"attributes": ["externalId"], "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-0428-7001-8174-4b6b18b27d09','2026-11-26 14:26:18.280578','provisioning','external_id.changed',1,'SCIM','Entra ID','127.0.0.1','01a21840-0425-7000-8d40-a51aa000f71e','User','01a2183f-c932-7000-81b1-75921e771701','otto@example.org',NULL,'{"old": "000000b1-1111-2222-3333-444444444444", "new": "000000e1-1111-2222-3333-444444444444"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-042b-7001-aeff-5589e9201621','2026-11-26 14:26:18.283654','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a21840-0425-7000-8d40-a51aa000f71e','User','01a2183f-c932-7000-81b1-75921e771701','otto@example.org',NULL,'{"reason": "link_disagrees", "value": "000000e1-1111-2222-3333-444444444444", "claimant": "otto@example.org"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-0456-7000-bda4-85e4ce294d0f','2026-11-26 14:26:18.326650','audit','microsoft.sign_in_refused',0,'Microsoft account','otto@example.org (000000b1-1111-2222-3333-444444444444)','127.0.0.1','RMVS-KWPF','User','01a2183f-c932-7000-81b1-75921e771701','otto@example.org',NULL,'{"reason": "link_disagrees", "account": "otto@example.org", "object_id": "000000b1-1111-2222-3333-444444444444", "external_id": "000000e1-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/5e9d32301f990fa2d1a59df88750f2c1',1,'2026-11-26 14:26:18.326650');
INSERT INTO "journal" VALUES('01a21840-0484-7000-a35c-0898193ee2df','2026-11-26 14:26:18.372880','audit','microsoft.sign_in_refused',0,'Microsoft account','otto@example.org (000000e1-1111-2222-3333-444444444444)','127.0.0.1','2HUP-ANE4','User','01a2183f-c932-7000-81b1-75921e771701','otto@example.org',NULL,'{"reason": "link_disagrees", "account": "otto@example.org", "object_id": "000000e1-1111-2222-3333-444444444444", "external_id": "000000e1-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/945623ea5a4ac555d537723a3eed82c7',1,'2026-11-26 14:26:18.372880');
INSERT INTO "journal" VALUES('01a21840-04ae-7000-83e8-af61ee68d22b','2026-11-26 14:26:18.414453','audit','microsoft.sign_in_refused',0,'Microsoft account','lea@example.org (000000b7-1111-2222-3333-444444444444)','127.0.0.1','JH5V-HCK5','User','01a2183f-c9ba-7000-ad39-0c09b8c95aff','lea@example.org',NULL,'{"reason": "shared_object_id", "account": "lea@example.org", "object_id": "000000b7-1111-2222-3333-444444444444", "external_id": "000000b7-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/0ab73d31fbc778eb5023256ebebcb624',1,'2026-11-26 14:26:18.414453');
INSERT INTO "journal" VALUES('01a21840-04d9-7000-9fbe-94ef637d2b99','2026-11-26 14:26:18.457602','audit','microsoft.sign_in_refused',0,'Microsoft account','stranger@example.org (000000ee-1111-2222-3333-444444444444)','127.0.0.1','43FA-WVBW',NULL,NULL,NULL,NULL,'{"reason": "no_account", "account": "stranger@example.org", "object_id": "000000ee-1111-2222-3333-444444444444", "external_id": null, "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/d080c12750408a4c12d2b76c9683d497',1,'2026-11-26 14:26:18.457602');
INSERT INTO "journal" VALUES('01a21840-0506-7000-8657-945ff9b576a8','2026-11-26 14:26:18.502662','audit','microsoft.sign_in_refused',0,'Microsoft account','maria@example.org (000000b2-1111-2222-3333-444444444444)','127.0.0.1','NGE3-FCRG','User','01a2183f-c962-7000-907a-db0dc730e296','maria@example.org',NULL,'{"reason": "disabled", "account": "maria@example.org", "object_id": "000000b2-1111-2222-3333-444444444444", "external_id": "000000b2-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/4a711e73e0efcdb35b7456ff37855a48',1,'2026-11-26 14:26:18.502662');
INSERT INTO "journal" VALUES('01a21840-051a-7000-8dc9-3008f8010293','2026-11-26 14:26:18.522965','provisioning','person.deleted',1,'SCIM','Entra ID','127.0.0.1','01a21840-050f-7000-8874-3630204facd0','User','01a2183f-c9e2-7000-bd19-f7bc6449507d','tom@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-0d03-7000-bfbc-4aa1425268a0','2026-11-26 14:26:20.547228','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a2183f-ca02-7000-9ed6-5965ecb21211','no.object@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-1c7d-7000-bc33-c0d676208cef','2026-11-26 14:26:24.509196','audit','role.changed',1,'command line','command line',NULL,NULL,'User','01a2183f-caf1-7000-9501-27211751074a','linus','[{"attribute": "role", "old": "user", "new": "administrator"}]','{"role": "administrator", "is_mapped": false}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-20a9-7000-b878-a75b3fc5408c','2026-11-26 14:26:25.577790','audit','sign_in.local',1,'person','linus','127.0.0.1',NULL,'User','01a2183f-caf1-7000-9501-27211751074a','linus',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-2cde-7000-85ff-c69fef7607b4','2026-11-26 14:26:28.703046','audit','token.revoked',1,'command line','command line',NULL,NULL,'Token','01a2183f-c360-7000-9e61-dbdc6581b2e7','npn_scim_fKZC…V3h',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-2f09-7000-b010-eb5b15754886','2026-11-26 14:26:29.257789','provisioning','token.refused',0,'SCIM','','127.0.0.1',NULL,NULL,NULL,NULL,NULL,'{"reason": "The token is revoked, or of another installation."}','2026-11-26T14:15/token.refused/afc64b36994e60ba39c79d34b16e5132',1,'2026-11-26 14:26:29.257789');
INSERT INTO "journal" VALUES('01a21840-37dd-7000-a183-20e4fff1c4fd','2026-11-26 14:26:31.517550','audit','account.unlocked',1,'command line','command line',NULL,NULL,'User','01a2183f-cb08-7000-9feb-3c74a5c293ee','grace@elsewhere.example',NULL,NULL,NULL,1,NULL);
CREATE TABLE memberships (
	group_id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (group_id, user_id), 
	CONSTRAINT fk_memberships_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "memberships" VALUES('01a2183f-ca1e-7000-b270-2789d55fd326','01a2183f-c932-7000-81b1-75921e771701');
INSERT INTO "memberships" VALUES('01a2183f-ca1e-7000-b270-2789d55fd326','01a2183f-c957-7000-8298-006d876d85f1');
INSERT INTO "memberships" VALUES('01a2183f-ca1e-7000-b270-2789d55fd326','01a2183f-c974-7000-95ac-a8079cf51fcd');
INSERT INTO "memberships" VALUES('01a2183f-ca0f-7000-a78b-2686d7cc40b3','01a2183f-c9a3-7000-a7ab-a4184f4c9dcc');
CREATE TABLE role_mappings (
	id VARCHAR(36) NOT NULL, 
	app_role VARCHAR, 
	group_id VARCHAR(36), 
	CONSTRAINT pk_role_mappings PRIMARY KEY (id), 
	CONSTRAINT fk_role_mappings_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT uq_role_mappings_app_role UNIQUE (app_role), 
	CONSTRAINT uq_role_mappings_group_id UNIQUE (group_id)
);
INSERT INTO "role_mappings" VALUES('01a21840-0314-7000-be9c-f112b674826f',NULL,'01a2183f-ca0f-7000-a78b-2686d7cc40b3');
INSERT INTO "role_mappings" VALUES('01a21840-031f-7000-8ba7-265ff168850f','Netpresenter.Admin',NULL);
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
INSERT INTO "scim_tokens" VALUES('01a2183f-b2d7-7000-bf37-37a1c97bb951',X'F915DFBE6B9C272287D24FB16C0E3A671A37EEAAFCF521E8AE45BA2EB6587EB0','npn_scim_tReS…D6P','Entra ID','GJKO_R0xCK8-cF5Ygpqac4mAnrFh9GbpQfkF9CW6X-0','2026-11-26 14:25:57.463871','command line','2026-11-26 14:26:03.173143','127.0.0.1',NULL);
INSERT INTO "scim_tokens" VALUES('01a2183f-c360-7000-9e61-dbdc6581b2e7',X'B21287F0E75937DE0A8E126BB8CCE8AE44F9FDF618B748818DE43FDAB58543B5','npn_scim_fKZC…V3h','Old one','YfaC3kafZfB1e9Z0IBP4vqTYx-yeVf-RqGbdjDYQaUg','2026-11-26 14:26:01.696528','command line',NULL,NULL,'2026-11-26 14:26:28.700422');
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
INSERT INTO "sessions" VALUES(X'2528001B7096F45C056F47A1A20C868435EAD3E39E973286F5C86EF1D5493763','01a2183f-a253-7000-aa34-0cb59c17e1b0','local','2026-11-26 14:26:04.409470','2026-11-26 14:26:04.409470','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:26:04.401827',NULL,NULL);
INSERT INTO "sessions" VALUES(X'3C5D0613526E17B06B59E0C69F476114CD5802C09E26BF19A9393834904DCDA4','01a2183f-c957-7000-8298-006d876d85f1','microsoft','2026-11-26 14:26:13.892849','2026-11-26 14:26:13.892849','127.0.0.1','Werkzeug/3.1.9','1970-01-01 00:00:00.000000','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'587F2D2C65A00E1949A13BE487DA0BEF1A99593C175FB5E7F68AE16EABBE5260','01a2183f-c9a3-7000-a7ab-a4184f4c9dcc','microsoft','2026-11-26 14:26:18.095105','2026-11-26 14:26:18.095105','127.0.0.1','Werkzeug/3.1.9','1970-01-01 00:00:00.000000','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'61521307EB0D472A664EA9B40F73E0D51EBD227F4C8DCEC53896AF7031D52AE2','01a2183f-cb14-7000-9a57-d6ff020e93c8','local','2026-11-26 14:26:18.240374','2026-11-26 14:26:18.240374','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:26:18.236879',NULL,NULL);
INSERT INTO "sessions" VALUES(X'18C6923CF9F0C0390C7CEBEB7DA0307A01CBA015527FF2B180239E1912210D5A','01a2183f-caf1-7000-9501-27211751074a','local','2026-11-26 14:26:25.575841','2026-11-26 14:26:25.575841','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:26:25.568737',NULL,NULL);
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
INSERT INTO "sign_in_settings" VALUES(1,2,NULL,'11111111-2222-3333-4444-5555aaaabbbb','66666666-7777-8888-9999-aaaaaaaaaaaa',X'67414141414142724345474636736E41436E3650515F34634E616C564E444B496E686B7139377657414A394571337A735076765F7675475474674B59576B74614652375F354A4A673242525F4C454D6559356A4C7A52453747577A44676D36794476476C413056414437537330634E4F6447624C5362453D',NULL,NULL,'6ced86a0c051d2436a1d3fe8ab8cc80a1341b0063fdad19626b3bda509870b3d','2026-11-26 14:26:13.675947','command line',NULL,NULL,NULL,0,0,0,480,168);
CREATE TABLE unlocks (
	user_id VARCHAR(36) NOT NULL, 
	digest BLOB NOT NULL, 
	unlocked_at DATETIME NOT NULL, 
	CONSTRAINT pk_unlocks PRIMARY KEY (user_id), 
	CONSTRAINT fk_unlocks_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_unlocks_digest UNIQUE (digest)
);
INSERT INTO "unlocks" VALUES('01a2183f-cb08-7000-9feb-3c74a5c293ee',X'9FFD7C180561E2CB786748DC1066CF0DBB75C2CF764D4D0367158E6070B9C4CA','2026-11-26 14:26:31.514990');
CREATE TABLE unstored_attributes (
	resource_type VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	last_at DATETIME NOT NULL, 
	CONSTRAINT pk_unstored_attributes PRIMARY KEY (resource_type, name)
);
INSERT INTO "unstored_attributes" VALUES('User','shoeSize','2026-11-26 14:26:03.576822');
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
	former_object_id VARCHAR(36), name_skeleton VARCHAR DEFAULT '' NOT NULL, 
	CONSTRAINT pk_users PRIMARY KEY (id), 
	CONSTRAINT uq_users_user_name_key UNIQUE (user_name_key)
);
INSERT INTO "users" VALUES('01a2183f-a253-7000-aa34-0cb59c17e1b0','{"userName": "ada", "active": true}',1,'2026-11-26 14:25:53.235912','2026-11-26 14:25:53.235912','ada','ada',NULL,NULL,'ada',NULL,NULL,0,NULL,1,0,0,'administrator',1,'$argon2id$v=19$m=19456,t=2,p=1$GQLijrlMv6vyjaYZ9HLZAw$Vg5vDSLX7AlAr6pqaOYmCxVh6bpdrryjwzKCAqOzXe0','2026-11-26 14:25:53.235912','2026-11-26 14:26:04.410463','local',NULL,0,0,'2026-11-26 14:26:04.410463',0,NULL,NULL,'ada');
INSERT INTO "users" VALUES('01a2183f-c932-7000-81b1-75921e771701','{"userName": "otto@example.org", "externalId": "000000e1-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "otto@example.org", "primary": true}], "displayName": "Otto Visser", "title": "Head of News"}',2,'2026-11-26 14:26:03.186372','2026-11-26 14:26:18.279515','otto@example.org','otto@example.org','000000e1-1111-2222-3333-444444444444','Otto Visser','otto visser','otto@example.org','otto@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,'2026-11-26 14:26:14.054193','microsoft','000000e1-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'otto@exarnple.org');
INSERT INTO "users" VALUES('01a2183f-c957-7000-8298-006d876d85f1','{"userName": "jane@example.org", "externalId": "0000aaaa-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "jane@example.org", "primary": true}], "name": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}, "displayName": "Jane Bakker", "preferredLanguage": "nl-NL", "phoneNumbers": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}], "addresses": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a2183f-c932-7000-81b1-75921e771701"}}}',1,'2026-11-26 14:26:03.223931','2026-11-26 14:26:03.223931','jane@example.org','jane@example.org','0000aaaa-1111-2222-3333-444444444444','Jane Bakker','jane bakker','jane@example.org','jane@example.org',0,'01a2183f-c932-7000-81b1-75921e771701',1,1,0,'user',0,NULL,NULL,'2026-11-26 14:26:13.894208','microsoft','0000aaaa-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'jane@exarnple.org');
INSERT INTO "users" VALUES('01a2183f-c962-7000-907a-db0dc730e296','{"userName": "maria@example.org", "externalId": "000000b2-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "maria@example.org", "primary": true}], "displayName": "Maria N\u00fa\u00f1ez"}',1,'2026-11-26 14:26:03.234090','2026-11-26 14:26:03.234090','maria@example.org','maria@example.org','000000b2-1111-2222-3333-444444444444','Maria Núñez','maria núñez','maria@example.org','maria@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b2-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'rnarla@exarnple.org');
INSERT INTO "users" VALUES('01a2183f-c974-7000-95ac-a8079cf51fcd','{"userName": "zo\u00eb@example.org", "externalId": "zoe", "active": true, "emails": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}], "displayName": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}',1,'2026-11-26 14:26:03.252400','2026-11-26 14:26:03.252400','zoë@example.org','zoë@example.org','zoe','Zoë O''Neil; "Z" de Boer','zoë o''neil; "z" de boer','zoe@example.org','zoe@example.org',1,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL,0,NULL,NULL,'zoë@exarnple.org');
INSERT INTO "users" VALUES('01a2183f-c980-7000-8179-874defe6f8ea','{"userName": "piet@example.org", "externalId": "000000b3-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "piet@example.org", "primary": true}], "displayName": "Piet de Wit"}',1,'2026-11-26 14:26:03.264476','2026-11-26 14:26:03.264476','piet@example.org','piet@example.org','000000b3-1111-2222-3333-444444444444','Piet de Wit','piet de wit','piet@example.org','piet@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,'2026-11-26 14:26:14.236766','microsoft','000000b3-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'plet@exarnple.org');
INSERT INTO "users" VALUES('01a2183f-c992-7000-85b1-6d80e7d69b61','{"userName": "kofi@example.org", "externalId": "000000B4-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "kofi@example.org", "primary": true}], "roles": [{"value": "Editor", "display": "Editor", "primary": true}]}',2,'2026-11-26 14:26:03.282531','2026-11-26 14:26:03.552555','kofi@example.org','kofi@example.org','000000B4-1111-2222-3333-444444444444',NULL,'kofi@example.org','kofi@example.org','kofi@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b4-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'kofl@exarnple.org');
INSERT INTO "users" VALUES('01a2183f-c9a3-7000-a7ab-a4184f4c9dcc','{"userName": "nora@example.org", "externalId": "000000b5-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "nora@example.org", "primary": true}], "displayName": "Nora Chief"}',1,'2026-11-26 14:26:03.298997','2026-11-26 14:26:03.298997','nora@example.org','nora@example.org','000000b5-1111-2222-3333-444444444444','Nora Chief','nora chief','nora@example.org','nora@example.org',0,NULL,1,1,0,'administrator',0,NULL,NULL,'2026-11-26 14:26:18.096073','microsoft','000000b5-1111-2222-3333-444444444444',1,0,NULL,1,'000000b5-1111-2222-3333-444444444444',NULL,'nora@exarnple.org');
INSERT INTO "users" VALUES('01a2183f-c9af-7000-864b-0f5f03c78215','{"userName": "\u0430da@example.org", "externalId": "000000b6-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "ada@example.org", "primary": true}], "displayName": "A\u202eda"}',1,'2026-11-26 14:26:03.311393','2026-11-26 14:26:03.311393','аda@example.org','аda@example.org','000000b6-1111-2222-3333-444444444444','Ada','ada','ada@example.org','ada@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b6-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'ada@exarnple.org');
INSERT INTO "users" VALUES('01a2183f-c9ba-7000-ad39-0c09b8c95aff','{"userName": "lea@example.org", "externalId": "000000b7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea@example.org", "primary": true}], "nickName": "Lea"}',1,'2026-11-26 14:26:03.322873','2026-11-26 14:26:03.322873','lea@example.org','lea@example.org','000000b7-1111-2222-3333-444444444444',NULL,'lea@example.org','lea@example.org','lea@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'lea@exarnple.org');
INSERT INTO "users" VALUES('01a2183f-c9c7-7000-ad59-5d018b575d52','{"userName": "lea.de.vries@example.org", "externalId": "000000B7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}], "nickName": "Lea 2"}',1,'2026-11-26 14:26:03.335355','2026-11-26 14:26:03.335355','lea.de.vries@example.org','lea.de.vries@example.org','000000B7-1111-2222-3333-444444444444',NULL,'lea.de.vries@example.org','lea.de.vries@example.org','lea.de.vries@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'lea.de.vrles@exarnple.org');
INSERT INTO "users" VALUES('01a2183f-c9f5-7000-959c-6574f728434a','{"userName": "wim@example.org", "externalId": "000000b9-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "wim@example.org", "primary": true}], "displayName": "Wim"}',2,'2026-11-26 14:26:03.381861','2026-11-26 14:26:03.587472','wim@example.org','wim@example.org','000000b9-1111-2222-3333-444444444444','Wim','wim','wim@example.org','wim@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b9-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'wlrn@exarnple.org');
INSERT INTO "users" VALUES('01a2183f-ca02-7000-9ed6-5965ecb21211','{"userName": "no.object@example.org", "externalId": "someone", "active": true, "emails": [{"type": "work", "value": "no.object@example.org", "primary": true}], "displayName": "No Object"}',1,'2026-11-26 14:26:03.394983','2026-11-26 14:26:03.394983','no.object@example.org','no.object@example.org','someone','No Object','no object','no.object@example.org','no.object@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL,0,NULL,NULL,'no.object@exarnple.org');
INSERT INTO "users" VALUES('01a2183f-caf1-7000-9501-27211751074a','{"userName": "linus", "active": true}',1,'2026-11-26 14:26:03.633473','2026-11-26 14:26:03.633473','linus','linus',NULL,NULL,'linus',NULL,NULL,0,NULL,1,0,0,'administrator',0,'$argon2id$v=19$m=19456,t=2,p=1$RA/a4ZsNA7m51fmVXZH8Lg$0szhyGgzORyAmP2bCODvF1uxaYbgsnhwTjmPEQJ+WEs','2026-11-26 14:26:03.633473','2026-11-26 14:26:25.577061','local',NULL,0,0,'2026-11-26 14:26:25.577061',0,NULL,NULL,'llnus');
INSERT INTO "users" VALUES('01a2183f-cb00-7000-9bab-2061949e8217','{"userName": "mallory", "active": true}',1,'2026-11-26 14:26:03.648762','2026-11-26 14:26:03.648762','mallory','mallory',NULL,NULL,'mallory',NULL,NULL,0,NULL,1,0,1,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$RA/a4ZsNA7m51fmVXZH8Lg$0szhyGgzORyAmP2bCODvF1uxaYbgsnhwTjmPEQJ+WEs','2026-11-26 14:26:03.648762',NULL,NULL,NULL,0,0,NULL,0,NULL,NULL,'rnallory');
INSERT INTO "users" VALUES('01a2183f-cb08-7000-9feb-3c74a5c293ee','{"userName": "grace@elsewhere.example", "active": true}',1,'2026-11-26 14:26:03.656723','2026-11-26 14:26:03.656723','grace@elsewhere.example','grace@elsewhere.example',NULL,NULL,'grace@elsewhere.example',NULL,NULL,0,NULL,1,0,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$RA/a4ZsNA7m51fmVXZH8Lg$0szhyGgzORyAmP2bCODvF1uxaYbgsnhwTjmPEQJ+WEs','2026-11-26 14:26:03.656723',NULL,NULL,NULL,0,0,NULL,0,NULL,NULL,'grace@elsewhere.exarnple');
INSERT INTO "users" VALUES('01a2183f-cb14-7000-9a57-d6ff020e93c8','{"userName": "nadia@example.org", "active": true}',1,'2026-11-26 14:26:03.668531','2026-11-26 14:26:03.668531','nadia@example.org','nadia@example.org',NULL,NULL,'nadia@example.org',NULL,NULL,0,NULL,1,1,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$RA/a4ZsNA7m51fmVXZH8Lg$0szhyGgzORyAmP2bCODvF1uxaYbgsnhwTjmPEQJ+WEs','2026-11-26 14:26:03.668531','2026-11-26 14:26:18.241261','local',NULL,0,1,'2026-11-26 14:26:18.241261',0,NULL,NULL,'nadla@exarnple.org');
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
CREATE INDEX ix_users_has_more_work_emails ON users (has_more_work_emails) WHERE has_more_work_emails = 1;
CREATE INDEX ix_users_shown_name_key ON users (shown_name_key);
CREATE INDEX ix_users_manager_id ON users (manager_id);
CREATE INDEX ix_users_provisioned ON users (is_provisioned, id);
CREATE INDEX ix_users_administrators ON users (role) WHERE role = 'administrator';
CREATE INDEX ix_users_work_email_key ON users (work_email_key);
CREATE INDEX ix_users_external_id ON users (external_id);
CREATE INDEX ix_users_object_id ON users (object_id, id);
CREATE INDEX ix_users_role_unseen ON users (is_role_unseen) WHERE is_role_unseen = 1;
CREATE INDEX ix_guesses_at ON guesses (at);
CREATE INDEX ix_guesses_account ON guesses (account, at);
CREATE INDEX ix_guesses_network ON guesses (network, at);
CREATE INDEX ix_emergency_sign_ins_at ON emergency_sign_ins (at);
CREATE UNIQUE INDEX ix_journal_counted_as ON journal (counted_as) WHERE counted_as IS NOT NULL;
CREATE INDEX ix_users_name_skeleton ON users (name_skeleton, is_provisioned, role);
CREATE INDEX ix_groups_name_skeleton ON groups (name_skeleton);
COMMIT;
