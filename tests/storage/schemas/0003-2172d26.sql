-- live token: npn_scim_yAZcyVVGzftwmVlGUOmuwduXpwwiDmz3ljnzDw8Ysdc2L1kv6
-- revoked token: npn_scim_oHf5qB2B2LpJdhHctDcUJC3ZPP9zCFIYFNS8ydjhmmN0jRsnD
PRAGMA application_id = 1313885745;
PRAGMA user_version = 0;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
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
INSERT INTO "groups" VALUES('01a2183d-3428-7000-b26c-3343695a9e35','{"displayName": "Chief editors", "externalId": "000000c1-1111-2222-3333-444444444444"}',2,'2026-11-26 14:23:13.960186','2026-11-26 14:23:29.087616','Chief editors','chief editors','000000c1-1111-2222-3333-444444444444');
INSERT INTO "groups" VALUES('01a2183d-3439-7000-b2b1-0d644ca20b2a','{"displayName": "Readers"}',6,'2026-11-26 14:23:13.977275','2026-11-26 14:23:14.076042','Readers','readers',NULL);
INSERT INTO "groups" VALUES('01a2183d-34af-7000-add0-d90ed8c775b3','{"displayName": "Empty \u2116 1"}',1,'2026-11-26 14:23:14.095450','2026-11-26 14:23:14.095450','Empty № 1','empty no 1',NULL);
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
INSERT INTO "identities" VALUES('01a2183d-3348-7000-9995-fb03bb26863e','11111111-2222-3333-4444-555555555555','0000aaaa-1111-2222-3333-444444444444','pairwise','jane@example.org','["Editor"]','2026-11-26 14:23:24.592066','externalId');
INSERT INTO "identities" VALUES('01a2183d-3321-7000-9a50-cd97f7c0efb3','11111111-2222-3333-4444-555555555555','000000b1-1111-2222-3333-444444444444','pairwise','otto@example.org','[]','2026-11-26 14:23:24.739715','externalId');
INSERT INTO "identities" VALUES('01a2183d-3375-7000-8d27-06a1d3e06423','11111111-2222-3333-4444-555555555555','000000b3-1111-2222-3333-444444444444','pairwise','piet@example.org','[]','2026-11-26 14:23:24.834906','externalId');
INSERT INTO "identities" VALUES('01a2183d-3396-7000-8afe-64c6c00c5364','11111111-2222-3333-4444-555555555555','000000b5-1111-2222-3333-444444444444','pairwise','nora@example.org','[]','2026-11-26 14:23:29.129119','externalId');
INSERT INTO "identities" VALUES('01a2183d-3558-7000-b7b8-2e9f0976ca50','11111111-2222-3333-4444-555555555555','000000d1-1111-2222-3333-444444444444','pairwise','nadia@example.org','[]','2026-11-26 14:23:29.255568','the person themselves');
INSERT INTO "identities" VALUES('01a2183d-3550-7000-b002-2cdac351bf04','11111111-2222-3333-4444-555555555555','000000d2-1111-2222-3333-444444444444','pairwise','grace@example.org','[]','2026-11-26 14:23:29.274130','the person themselves');
CREATE TABLE journal (
	id VARCHAR(36) NOT NULL, 
	at DATETIME NOT NULL, 
	log VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	succeeded BOOLEAN DEFAULT 1 NOT NULL, 
	actor_kind VARCHAR NOT NULL, 
	actor_name VARCHAR NOT NULL, 
	address VARCHAR, 
	request_id VARCHAR, 
	target_type VARCHAR, 
	target_id VARCHAR, 
	target_name VARCHAR, 
	detail VARCHAR NOT NULL, 
	changes JSON, 
	CONSTRAINT pk_journal PRIMARY KEY (id)
);
INSERT INTO "journal" VALUES('01a2183d-09ff-7000-8b61-7d16c97d7645','2026-11-26 14:23:03.167321','audit','Created',1,'command line','command line',NULL,NULL,'User','01a2183d-09fc-7000-8b9b-5d80ef00b2fc','ada','Created ada.','[{"attribute": "userName", "new": "ada"}, {"attribute": "active", "new": true}]');
INSERT INTO "journal" VALUES('01a2183d-1bcb-7000-8a71-f4d77b1af974','2026-11-26 14:23:07.723053','audit','Generated token',1,'command line','command line',NULL,NULL,'Token','01a2183d-1bc9-7000-af71-d88eed6d5cef','npn_scim_yAZc…kv6','Token npn_scim_yAZc…kv6.',NULL);
INSERT INTO "journal" VALUES('01a2183d-2c51-7000-93ad-bbde26f245e0','2026-11-26 14:23:11.953266','audit','Generated token',1,'command line','command line',NULL,NULL,'Token','01a2183d-2c4f-7000-993e-9a4a30b07bb6','npn_scim_oHf5…snD','Token npn_scim_oHf5…snD.',NULL);
INSERT INTO "journal" VALUES('01a2183d-332e-7000-85c9-e3f445d0a955','2026-11-26 14:23:13.710579','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-3305-7000-a678-d1511a520ec0','User','01a2183d-3321-7000-9a50-cd97f7c0efb3','otto@example.org','Created otto@example.org.','[{"attribute": "userName", "new": "otto@example.org"}, {"attribute": "externalId", "new": "000000b1-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "otto@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Otto Visser"}, {"attribute": "title", "new": "Head of News"}]');
INSERT INTO "journal" VALUES('01a2183d-334a-7000-adc3-d7b9fd257f54','2026-11-26 14:23:13.738552','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-3342-7000-ae5c-4094db74d91d','User','01a2183d-3348-7000-9995-fb03bb26863e','jane@example.org','Created jane@example.org.','[{"attribute": "userName", "new": "jane@example.org"}, {"attribute": "externalId", "new": "0000aaaa-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "jane@example.org", "primary": true}]}, {"attribute": "name", "new": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}}, {"attribute": "displayName", "new": "Jane Bakker"}, {"attribute": "preferredLanguage", "new": "nl-NL"}, {"attribute": "phoneNumbers", "new": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}]}, {"attribute": "addresses", "new": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}]}, {"attribute": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "new": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a2183d-3321-7000-9a50-cd97f7c0efb3"}}}]');
INSERT INTO "journal" VALUES('01a2183d-3360-7000-b81a-3f0a8c107548','2026-11-26 14:23:13.760454','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-3359-7000-b442-c4ea09002e02','User','01a2183d-335e-7000-ad5c-371b80be1891','maria@example.org','Created maria@example.org, disabled.','[{"attribute": "userName", "new": "maria@example.org"}, {"attribute": "externalId", "new": "000000b2-1111-2222-3333-444444444444"}, {"attribute": "active", "new": false}, {"attribute": "emails", "new": [{"type": "work", "value": "maria@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Maria N\u00fa\u00f1ez"}]');
INSERT INTO "journal" VALUES('01a2183d-336a-7001-9e92-b8fd7e2cb5cf','2026-11-26 14:23:13.770883','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-3368-7000-b188-28cce9403764','User','01a2183d-336a-7000-be4b-3213cbe0323c','zoë@example.org','Created zoë@example.org.','[{"attribute": "userName", "new": "zo\u00eb@example.org"}, {"attribute": "externalId", "new": "zoe"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}]}, {"attribute": "displayName", "new": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}]');
INSERT INTO "journal" VALUES('01a2183d-3376-7000-b853-74c4cb1f987a','2026-11-26 14:23:13.782316','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-3373-7000-ba5c-5acfe0fb434f','User','01a2183d-3375-7000-8d27-06a1d3e06423','piet@example.org','Created piet@example.org.','[{"attribute": "userName", "new": "piet@example.org"}, {"attribute": "externalId", "new": "000000b3-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "piet@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Piet de Wit"}]');
INSERT INTO "journal" VALUES('01a2183d-338c-7000-bdd1-23354a2d8b6f','2026-11-26 14:23:13.804468','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-3385-7000-b28f-cc2c987b8c21','User','01a2183d-3386-7000-9ce9-9a11a7d54196','kofi@example.org','Created kofi@example.org.','[{"attribute": "userName", "new": "kofi@example.org"}, {"attribute": "externalId", "new": "000000B4-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "kofi@example.org", "primary": true}]}, {"attribute": "roles", "new": [{"value": "Editor", "display": "Editor", "primary": true}]}]');
INSERT INTO "journal" VALUES('01a2183d-339b-7000-bc93-33fa3d1ffe80','2026-11-26 14:23:13.819903','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-3394-7000-bc8e-b00f29e3e052','User','01a2183d-3396-7000-8afe-64c6c00c5364','nora@example.org','Created nora@example.org.','[{"attribute": "userName", "new": "nora@example.org"}, {"attribute": "externalId", "new": "000000b5-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "nora@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Nora Chief"}]');
INSERT INTO "journal" VALUES('01a2183d-33b4-7000-81bd-af2b1b67f56f','2026-11-26 14:23:13.844105','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-33ad-7000-8b2a-c5a5324b41df','User','01a2183d-33ae-7000-bf86-afa83b00ba79','аda@example.org','Created аda@example.org.','[{"attribute": "userName", "new": "\u0430da@example.org"}, {"attribute": "externalId", "new": "000000b6-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "ada@example.org", "primary": true}]}, {"attribute": "displayName", "new": "A\u202eda"}]');
INSERT INTO "journal" VALUES('01a2183d-33c7-7000-b8fb-b0fa22234914','2026-11-26 14:23:13.863865','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-33bc-7000-8319-b073808082ac','User','01a2183d-33be-7000-b84b-d599ee32eedf','lea@example.org','Created lea@example.org.','[{"attribute": "userName", "new": "lea@example.org"}, {"attribute": "externalId", "new": "000000b7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea"}]');
INSERT INTO "journal" VALUES('01a2183d-33df-7000-80a4-6e7f9e54fd8a','2026-11-26 14:23:13.887362','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-33cf-7000-9ce9-47c5ecb84a5b','User','01a2183d-33d0-7000-8bb1-29b7017e9942','lea.de.vries@example.org','Created lea.de.vries@example.org.','[{"attribute": "userName", "new": "lea.de.vries@example.org"}, {"attribute": "externalId", "new": "000000B7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea 2"}]');
INSERT INTO "journal" VALUES('01a2183d-33f2-7000-b45f-068010aeaccd','2026-11-26 14:23:13.906145','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-33ed-7000-91a2-ffffa627da25','User','01a2183d-33f0-7000-a171-5e1552eea903','tom@example.org','Created tom@example.org.','[{"attribute": "userName", "new": "tom@example.org"}, {"attribute": "externalId", "new": "000000b8-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "tom@example.org", "primary": true}]}]');
INSERT INTO "journal" VALUES('01a2183d-3409-7000-920e-c5c89e39e787','2026-11-26 14:23:13.929159','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-3401-7000-92fa-dfbb841a75ae','User','01a2183d-3407-7000-a114-dd2a0b558d8e','wim@example.org','Created wim@example.org.','[{"attribute": "userName", "new": "wim@example.org"}, {"attribute": "externalId", "new": "000000b9-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "wim@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Wim"}]');
INSERT INTO "journal" VALUES('01a2183d-3418-7000-a2e9-b9718ecb88ce','2026-11-26 14:23:13.944573','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-3412-7000-9081-6679ee80fa7c','User','01a2183d-3417-7000-b160-74dd5a9eb937','no.object@example.org','Created no.object@example.org.','[{"attribute": "userName", "new": "no.object@example.org"}, {"attribute": "externalId", "new": "someone"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "no.object@example.org", "primary": true}]}, {"attribute": "displayName", "new": "No Object"}]');
INSERT INTO "journal" VALUES('01a2183d-342f-7000-9ff6-8b0676338695','2026-11-26 14:23:13.967239','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-3421-7000-a3c4-9f4dcdd6d890','Group','01a2183d-3428-7000-b26c-3343695a9e35','Chief editors','Created group Chief editors.','[{"attribute": "displayName", "new": "Chief editors"}, {"attribute": "externalId", "new": "000000c1-1111-2222-3333-444444444444"}]');
INSERT INTO "journal" VALUES('01a2183d-3439-7001-90cf-4c88a62af543','2026-11-26 14:23:13.977823','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-3437-7000-a2c9-ff1bc945fe4d','Group','01a2183d-3439-7000-b2b1-0d644ca20b2a','Readers','Created group Readers.','[{"attribute": "displayName", "new": "Readers"}]');
INSERT INTO "journal" VALUES('01a2183d-345d-7000-b1a9-4b984844d8b7','2026-11-26 14:23:14.013140','provisioning','Added to group',1,'SCIM','Entra ID','127.0.0.1','01a2183d-344a-7000-95c6-ef253a65b9cf','Group','01a2183d-3439-7000-b2b1-0d644ca20b2a','Readers','Added to group Readers: Jane Bakker.','[{"attribute": "members", "new": "01a2183d-3348-7000-9995-fb03bb26863e"}]');
INSERT INTO "journal" VALUES('01a2183d-347c-7000-912f-93293257f44a','2026-11-26 14:23:14.044595','provisioning','Added to group',1,'SCIM','Entra ID','127.0.0.1','01a2183d-346a-7000-af3e-59abd1aaf485','Group','01a2183d-3439-7000-b2b1-0d644ca20b2a','Readers','Added to group Readers: Otto Visser.','[{"attribute": "members", "new": "01a2183d-3321-7000-9a50-cd97f7c0efb3"}]');
INSERT INTO "journal" VALUES('01a2183d-3490-7000-8d89-af60d4be2df4','2026-11-26 14:23:14.064344','provisioning','Added to group',1,'SCIM','Entra ID','127.0.0.1','01a2183d-3489-7000-9f4b-0052c24b71ef','Group','01a2183d-3439-7000-b2b1-0d644ca20b2a','Readers','Added to group Readers: Zoë O''Neil; "Z"
de Boer.','[{"attribute": "members", "new": "01a2183d-336a-7000-be4b-3213cbe0323c"}]');
INSERT INTO "journal" VALUES('01a2183d-349c-7000-a4e9-d7f985f7511c','2026-11-26 14:23:14.076388','provisioning','Added to group',1,'SCIM','Entra ID','127.0.0.1','01a2183d-3499-7000-8730-59c1c6dfc6f3','Group','01a2183d-3439-7000-b2b1-0d644ca20b2a','Readers','Added to group Readers: tom@example.org.','[{"attribute": "members", "new": "01a2183d-33f0-7000-a171-5e1552eea903"}]');
INSERT INTO "journal" VALUES('01a2183d-34b0-7000-8260-40f9c89f15f8','2026-11-26 14:23:14.096305','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-34a9-7000-98ee-4158cfca7c1e','Group','01a2183d-34af-7000-add0-d90ed8c775b3','Empty № 1','Created group Empty № 1.','[{"attribute": "displayName", "new": "Empty \u2116 1"}]');
INSERT INTO "journal" VALUES('01a2183d-34c0-7000-a138-eff8007346e2','2026-11-26 14:23:14.112411','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183d-34b9-7000-ac17-433c229ab75e','Group','01a2183d-34bf-7000-a8a2-ea1455d70253','Gone','Created group Gone.','[{"attribute": "displayName", "new": "Gone"}]');
INSERT INTO "journal" VALUES('01a2183d-34cc-7000-821a-31cb3082180a','2026-11-26 14:23:14.124807','provisioning','Added to group',1,'SCIM','Entra ID','127.0.0.1','01a2183d-34c9-7000-9a3d-d462ae001345','Group','01a2183d-34bf-7000-a8a2-ea1455d70253','Gone','Added to group Gone: Jane Bakker.','[{"attribute": "members", "new": "01a2183d-3348-7000-9995-fb03bb26863e"}]');
INSERT INTO "journal" VALUES('01a2183d-34e1-7000-bdea-b8dfc180467d','2026-11-26 14:23:14.145599','provisioning','Deleted',1,'SCIM','Entra ID','127.0.0.1','01a2183d-34d9-7000-a1a6-21848e7a669f','Group','01a2183d-34bf-7000-a8a2-ea1455d70253','Gone','Deleted group Gone.',NULL);
INSERT INTO "journal" VALUES('01a2183d-3500-7000-993d-c22ed3563198','2026-11-26 14:23:14.176708','provisioning','Disabled',1,'SCIM','Entra ID','127.0.0.1','01a2183d-34e9-7000-bceb-5d4dd5e08bbf','User','01a2183d-3386-7000-9ce9-9a11a7d54196','kofi@example.org','Disabled kofi@example.org; changed active.','[{"attribute": "active", "old": true, "new": false}]');
INSERT INTO "journal" VALUES('01a2183d-351b-7000-94b6-46221efbdb93','2026-11-26 14:23:14.203093','provisioning','Disabled',1,'SCIM','Entra ID','127.0.0.1','01a2183d-350d-7000-91b0-b6c78ccfd92a','User','01a2183d-3407-7000-a114-dd2a0b558d8e','wim@example.org','Disabled wim@example.org; changed active.','[{"attribute": "active", "old": true, "new": false}]');
INSERT INTO "journal" VALUES('01a2183d-3533-7001-886b-e54022c7c264','2026-11-26 14:23:14.227666','provisioning','Refused',0,'SCIM','unknown','127.0.0.1','01a2183d-3533-7000-a010-f69d7f72b46d',NULL,NULL,NULL,'GET /scim/v2/Users: 401 This is only part of a token (17 of 58 characters).',NULL);
INSERT INTO "journal" VALUES('01a2183d-353d-7001-9e7c-9a72ca56c873','2026-11-26 14:23:14.237885','audit','Created',1,'command line','command line',NULL,NULL,'User','01a2183d-353d-7000-8412-f17a65560aa2','linus','Created linus.','[{"attribute": "userName", "new": "linus"}, {"attribute": "active", "new": true}]');
INSERT INTO "journal" VALUES('01a2183d-3544-7001-9bab-58262d8cce03','2026-11-26 14:23:14.244797','audit','Created',1,'command line','command line',NULL,NULL,'User','01a2183d-3544-7000-a08c-47aed78cc46b','mallory','Created mallory.','[{"attribute": "userName", "new": "mallory"}, {"attribute": "active", "new": true}]');
INSERT INTO "journal" VALUES('01a2183d-3550-7001-a49e-cf25782429eb','2026-11-26 14:23:14.257024','audit','Created',1,'command line','command line',NULL,NULL,'User','01a2183d-3550-7000-b002-2cdac351bf04','grace@elsewhere.example','Created grace@elsewhere.example.','[{"attribute": "userName", "new": "grace@elsewhere.example"}, {"attribute": "active", "new": true}]');
INSERT INTO "journal" VALUES('01a2183d-3558-7001-a0ce-d2273bccb827','2026-11-26 14:23:14.264975','audit','Created',1,'command line','command line',NULL,NULL,'User','01a2183d-3558-7000-b7b8-2e9f0976ca50','nadia@example.org','Created nadia@example.org.','[{"attribute": "userName", "new": "nadia@example.org"}, {"attribute": "active", "new": true}]');
INSERT INTO "journal" VALUES('01a2183d-3647-7000-9beb-6994dfc601a3','2026-11-26 14:23:14.503568','audit','Signed in',1,'person','linus','127.0.0.1',NULL,'User','01a2183d-353d-7000-8412-f17a65560aa2','linus','linus signed in.',NULL);
INSERT INTO "journal" VALUES('01a2183d-3714-7000-8334-4a9f0e94de65','2026-11-26 14:23:14.708500','audit','Signed in',1,'person','ada','127.0.0.1',NULL,'User','01a2183d-09fc-7000-8b9b-5d80ef00b2fc','ada','ada signed in.',NULL);
INSERT INTO "journal" VALUES('01a2183d-4284-7000-97c2-c79b3cc692f4','2026-11-26 14:23:17.636803','audit','Disabled',1,'command line','command line',NULL,NULL,'User','01a2183d-3544-7000-a08c-47aed78cc46b','mallory','Disabled mallory here.',NULL);
INSERT INTO "journal" VALUES('01a2183d-5d59-7000-87f4-25d08a6d2f89','2026-11-26 14:23:24.505057','audit','Changed settings',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID','Changed the connection for sign-in. Of the other directory, 0 sessions ended.','[{"attribute": "tenant_id", "new": "11111111-2222-3333-4444-555555555555"}, {"attribute": "client_id", "new": "66666666-7777-8888-9999-aaaaaaaaaaaa"}, {"attribute": "secret", "new": "changed"}]');
INSERT INTO "journal" VALUES('01a2183d-5d5f-7000-baec-d55956e5255a','2026-11-26 14:23:24.511382','audit','Tested sign-in',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID','A test sign-in with Microsoft succeeded.',NULL);
INSERT INTO "journal" VALUES('01a2183d-5db1-7000-aa5a-84a9e1dc52ed','2026-11-26 14:23:24.593263','audit','Connected Microsoft',1,'person','jane@example.org','127.0.0.1',NULL,'User','01a2183d-3348-7000-9995-fb03bb26863e','jane@example.org','Connected jane@example.org with the Microsoft account jane@example.org (0000aaaa-1111-2222-3333-444444444444), by externalId.',NULL);
INSERT INTO "journal" VALUES('01a2183d-5dc9-7000-b4ae-09208ced9a80','2026-11-26 14:23:24.617890','audit','Signed in with Microsoft',1,'person','jane@example.org','127.0.0.1',NULL,'User','01a2183d-3348-7000-9995-fb03bb26863e','jane@example.org','jane@example.org signed in with Microsoft.',NULL);
INSERT INTO "journal" VALUES('01a2183d-5e44-7000-a57d-c0f93e5aef18','2026-11-26 14:23:24.740299','audit','Connected Microsoft',1,'person','otto@example.org','127.0.0.1',NULL,'User','01a2183d-3321-7000-9a50-cd97f7c0efb3','otto@example.org','Connected otto@example.org with the Microsoft account otto@example.org (000000b1-1111-2222-3333-444444444444), by externalId.',NULL);
INSERT INTO "journal" VALUES('01a2183d-5e4c-7000-b122-9856e2f1ca17','2026-11-26 14:23:24.748390','audit','Signed in with Microsoft',1,'person','otto@example.org','127.0.0.1',NULL,'User','01a2183d-3321-7000-9a50-cd97f7c0efb3','otto@example.org','otto@example.org signed in with Microsoft.',NULL);
INSERT INTO "journal" VALUES('01a2183d-5ea3-7000-9321-28f9caf7fda2','2026-11-26 14:23:24.835472','audit','Connected Microsoft',1,'person','piet@example.org','127.0.0.1',NULL,'User','01a2183d-3375-7000-8d27-06a1d3e06423','piet@example.org','Connected piet@example.org with the Microsoft account piet@example.org (000000b3-1111-2222-3333-444444444444), by externalId.',NULL);
INSERT INTO "journal" VALUES('01a2183d-5eaf-7000-8259-beb50d6e96d9','2026-11-26 14:23:24.848024','audit','Signed in with Microsoft',1,'person','piet@example.org','127.0.0.1',NULL,'User','01a2183d-3375-7000-8d27-06a1d3e06423','piet@example.org','piet@example.org signed in with Microsoft.',NULL);
INSERT INTO "journal" VALUES('01a2183d-6b79-7000-9aca-5e553370422e','2026-11-26 14:23:28.121393','audit','Disabled',1,'command line','command line',NULL,NULL,'User','01a2183d-3375-7000-8d27-06a1d3e06423','piet@example.org','Disabled piet@example.org here.',NULL);
INSERT INTO "journal" VALUES('01a2183d-6f2b-7000-a6c8-56a99e001068','2026-11-26 14:23:29.067742','audit','Added role mapping',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings','The group ''Chief editors'' makes administrators now.',NULL);
INSERT INTO "journal" VALUES('01a2183d-6f38-7001-9ce1-f6f2042ef968','2026-11-26 14:23:29.080595','audit','Added role mapping',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings','The app role ''Netpresenter.Admin'' makes administrators now.',NULL);
INSERT INTO "journal" VALUES('01a2183d-6f3f-7000-841e-f1731cbe00ba','2026-11-26 14:23:29.087829','provisioning','Added to group',1,'SCIM','Entra ID','127.0.0.1','01a2183d-6f3e-7000-8fd0-35b09695ebfd','Group','01a2183d-3428-7000-b26c-3343695a9e35','Chief editors','Added to group Chief editors: Nora Chief.','[{"attribute": "members", "new": "01a2183d-3396-7000-8afe-64c6c00c5364"}]');
INSERT INTO "journal" VALUES('01a2183d-6f41-7000-a0bf-673b9f914dd0','2026-11-26 14:23:29.089769','provisioning','Set role',1,'SCIM','Entra ID','127.0.0.1','01a2183d-6f3e-7000-8fd0-35b09695ebfd','User','01a2183d-3396-7000-8afe-64c6c00c5364','nora@example.org','nora@example.org is now administrator by mapping.','[{"attribute": "role", "old": "user", "new": "administrator"}]');
INSERT INTO "journal" VALUES('01a2183d-6f69-7000-a249-5fa571210b47','2026-11-26 14:23:29.129649','audit','Connected Microsoft',1,'person','nora@example.org','127.0.0.1',NULL,'User','01a2183d-3396-7000-8afe-64c6c00c5364','nora@example.org','Connected nora@example.org with the Microsoft account nora@example.org (000000b5-1111-2222-3333-444444444444), by externalId.',NULL);
INSERT INTO "journal" VALUES('01a2183d-6f6c-7000-ab70-bf04c4ff571d','2026-11-26 14:23:29.132306','audit','Signed in with Microsoft',1,'person','nora@example.org','127.0.0.1',NULL,'User','01a2183d-3396-7000-8afe-64c6c00c5364','nora@example.org','nora@example.org signed in with Microsoft.',NULL);
INSERT INTO "journal" VALUES('01a2183d-6fd7-7000-812b-dc352d4200c7','2026-11-26 14:23:29.239844','audit','Signed in',1,'person','nadia@example.org','127.0.0.1',NULL,'User','01a2183d-3558-7000-b7b8-2e9f0976ca50','nadia@example.org','nadia@example.org signed in.',NULL);
INSERT INTO "journal" VALUES('01a2183d-6fe8-7000-a70c-9f8341676d2b','2026-11-26 14:23:29.256091','audit','Connected Microsoft',1,'command line','command line',NULL,NULL,'User','01a2183d-3558-7000-b7b8-2e9f0976ca50','nadia@example.org','Connected nadia@example.org with the Microsoft account nadia@example.org (000000d1-1111-2222-3333-444444444444), by the person themselves.',NULL);
INSERT INTO "journal" VALUES('01a2183d-6fef-7000-8fea-ffccf118795e','2026-11-26 14:23:29.263463','audit','Handed over',1,'command line','command line',NULL,NULL,'User','01a2183d-3558-7000-b7b8-2e9f0976ca50','nadia@example.org','Provisioning may find nadia@example.org by user name from now on.',NULL);
INSERT INTO "journal" VALUES('01a2183d-6ffa-7000-a6eb-f7e7e182e608','2026-11-26 14:23:29.274669','audit','Connected Microsoft',1,'command line','command line',NULL,NULL,'User','01a2183d-3550-7000-b002-2cdac351bf04','grace@elsewhere.example','Connected grace@elsewhere.example with the Microsoft account grace@example.org (000000d2-1111-2222-3333-444444444444), by the person themselves.',NULL);
INSERT INTO "journal" VALUES('01a2183d-7005-7000-9a44-7b8f31431aa2','2026-11-26 14:23:29.285332','provisioning','Updated',1,'SCIM','Entra ID','127.0.0.1','01a2183d-7000-7000-8fa9-de6282328e9e','User','01a2183d-3321-7000-9a50-cd97f7c0efb3','otto@example.org','Changed externalId.','[{"attribute": "externalId", "old": "000000b1-1111-2222-3333-444444444444", "new": "000000e1-1111-2222-3333-444444444444"}]');
INSERT INTO "journal" VALUES('01a2183d-7028-7000-b91b-5b2181a7821e','2026-11-26 14:23:29.320998','audit','Conflict of Microsoft accounts',0,'person','otto@example.org','127.0.0.1',NULL,'User','01a2183d-3321-7000-9a50-cd97f7c0efb3','otto@example.org','otto@example.org is connected with the object ID 000000b1-1111-2222-3333-444444444444, but provisioning says 000000e1-1111-2222-3333-444444444444.',NULL);
INSERT INTO "journal" VALUES('01a2183d-7067-7000-9c7f-cf194646c20d','2026-11-26 14:23:29.383507','audit','Conflict of Microsoft accounts',0,'person','otto@example.org','127.0.0.1',NULL,'User','01a2183d-3321-7000-9a50-cd97f7c0efb3','otto@example.org','The object ID 000000e1-1111-2222-3333-444444444444 is the externalId of otto@example.org, who is connected with another Microsoft account.',NULL);
INSERT INTO "journal" VALUES('01a2183d-708b-7000-ae5c-d9f3bbc11d57','2026-11-26 14:23:29.419633','audit','Conflict of Microsoft accounts',0,'person','lea@example.org','127.0.0.1',NULL,'User','01a2183d-33be-7000-b84b-d599ee32eedf','lea@example.org','The object ID 000000b7-1111-2222-3333-444444444444 is the externalId of lea@example.org and lea.de.vries@example.org.',NULL);
INSERT INTO "journal" VALUES('01a2183d-70a8-7000-be3b-06184b62a865','2026-11-26 14:23:29.448270','audit','Refused Microsoft sign-in',0,'person','stranger@example.org','127.0.0.1',NULL,NULL,NULL,NULL,'There is no account for stranger@example.org.',NULL);
INSERT INTO "journal" VALUES('01a2183d-70ce-7000-baee-d5c57d54ecc2','2026-11-26 14:23:29.486870','audit','Refused Microsoft sign-in',0,'person','maria@example.org','127.0.0.1',NULL,NULL,NULL,NULL,'maria@example.org is disabled.',NULL);
INSERT INTO "journal" VALUES('01a2183d-70e9-7000-894a-8e4d3d8ffae9','2026-11-26 14:23:29.513186','provisioning','Deleted',1,'SCIM','Entra ID','127.0.0.1','01a2183d-70df-7000-8c02-b75e7b36cb19','User','01a2183d-33f0-7000-a171-5e1552eea903','tom@example.org','Deleted tom@example.org.',NULL);
INSERT INTO "journal" VALUES('01a2183d-7a4b-7000-9e06-7a239a19a99d','2026-11-26 14:23:31.916040','audit','Disabled',1,'command line','command line',NULL,NULL,'User','01a2183d-3417-7000-b160-74dd5a9eb937','no.object@example.org','Disabled no.object@example.org here.',NULL);
INSERT INTO "journal" VALUES('01a2183d-8a66-7000-b096-045397369c68','2026-11-26 14:23:36.038586','audit','Set role',1,'command line','command line',NULL,NULL,'User','01a2183d-353d-7000-8412-f17a65560aa2','linus','linus is now administrator.','[{"attribute": "role", "old": "user", "new": "administrator"}]');
INSERT INTO "journal" VALUES('01a2183d-8e2e-7000-a9e8-7073a6b360e9','2026-11-26 14:23:37.006204','audit','Signed in',1,'person','linus','127.0.0.1',NULL,'User','01a2183d-353d-7000-8412-f17a65560aa2','linus','linus signed in.',NULL);
INSERT INTO "journal" VALUES('01a2183d-9978-7000-b0b8-0c3163a6871b','2026-11-26 14:23:39.896587','audit','Revoked token',1,'command line','command line',NULL,NULL,'Token','01a2183d-2c4f-7000-993e-9a4a30b07bb6','npn_scim_oHf5…snD','Token npn_scim_oHf5…snD.',NULL);
CREATE TABLE memberships (
	group_id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (group_id, user_id), 
	CONSTRAINT fk_memberships_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "memberships" VALUES('01a2183d-3439-7000-b2b1-0d644ca20b2a','01a2183d-3321-7000-9a50-cd97f7c0efb3');
INSERT INTO "memberships" VALUES('01a2183d-3439-7000-b2b1-0d644ca20b2a','01a2183d-3348-7000-9995-fb03bb26863e');
INSERT INTO "memberships" VALUES('01a2183d-3439-7000-b2b1-0d644ca20b2a','01a2183d-336a-7000-be4b-3213cbe0323c');
INSERT INTO "memberships" VALUES('01a2183d-3428-7000-b26c-3343695a9e35','01a2183d-3396-7000-8afe-64c6c00c5364');
CREATE TABLE role_mappings (
	id VARCHAR(36) NOT NULL, 
	app_role VARCHAR, 
	group_id VARCHAR(36), 
	CONSTRAINT pk_role_mappings PRIMARY KEY (id), 
	CONSTRAINT fk_role_mappings_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT uq_role_mappings_app_role UNIQUE (app_role), 
	CONSTRAINT uq_role_mappings_group_id UNIQUE (group_id)
);
INSERT INTO "role_mappings" VALUES('01a2183d-6f2a-7000-bd82-ef312032c8ac',NULL,'01a2183d-3428-7000-b26c-3343695a9e35');
INSERT INTO "role_mappings" VALUES('01a2183d-6f38-7000-9ad9-09f95159c882','Netpresenter.Admin',NULL);
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
INSERT INTO "scim_tokens" VALUES('01a2183d-1bc9-7000-af71-d88eed6d5cef',X'CC20F256CBB95AD1BBDFFB0E7BAAE60442CDFC6F3F751257B467222EE95806CE','npn_scim_yAZc…kv6','Entra ID','PdxfH4jq1-OBp2zUfxo_H86JKRYRIzRWOz78gzfWunM','2026-11-26 14:23:07.721573','command line','2026-11-26 14:23:13.669944','127.0.0.1',NULL);
INSERT INTO "scim_tokens" VALUES('01a2183d-2c4f-7000-993e-9a4a30b07bb6',X'F5540F356684C12073DBE8197547D1AE969E0746F753D60B43A3D37EADBD5FCA','npn_scim_oHf5…snD','Old one','q2hNPY2dKe-j5rSXZHBqodHg6gjNWc9bGMItw_mwddk','2026-11-26 14:23:11.951770','command line',NULL,NULL,'2026-11-26 14:23:39.889166');
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
INSERT INTO "sessions" VALUES(X'161232FABDDDFD80D170CDB37CF577BD3E8DC3687A69D21911E6191BAF8773EF','01a2183d-09fc-7000-8b9b-5d80ef00b2fc','local','2026-11-26 14:23:14.707189','2026-11-26 14:23:14.707189','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:23:14.707189',NULL,NULL);
INSERT INTO "sessions" VALUES(X'D473B3BB49E6CC8B2DF4D012F26E411337CF7103722EB45935FA95A9A4594F23','01a2183d-3348-7000-9995-fb03bb26863e','microsoft','2026-11-26 14:23:24.605829','2026-11-26 14:23:24.605829','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:23:24.605829','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'7B7FC43EBB8E1D81F6B8913E19CFE57B23FCD50F604012362F9FEC669BD7A2A6','01a2183d-3396-7000-8afe-64c6c00c5364','microsoft','2026-11-26 14:23:29.131487','2026-11-26 14:23:29.131487','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:23:29.131487','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'B66C46148138E8F3A1DD782063DEBF09CD7A1795B0588B946BAE2BAB7D62A8EB','01a2183d-3558-7000-b7b8-2e9f0976ca50','local','2026-11-26 14:23:29.234504','2026-11-26 14:23:29.234504','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:23:29.234504',NULL,NULL);
INSERT INTO "sessions" VALUES(X'1BC16FA448E288BC733A6BBA5EE48D7F9544770512BD8F5736758CF5226CB37A','01a2183d-353d-7000-8412-f17a65560aa2','local','2026-11-26 14:23:37.004965','2026-11-26 14:23:37.004965','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:23:37.004965',NULL,NULL);
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
INSERT INTO "sign_in_settings" VALUES(1,2,NULL,'11111111-2222-3333-4444-555555555555','66666666-7777-8888-9999-aaaaaaaaaaaa',X'674141414141427243454463737A7A38316E442D39573273715A4E68687A3234434D5F32447A5A746E65515A4667525974737534724F6879473847352D625250685258326D4D647170437279317A7A42517A324E6744326B754470614747304E766B6B695849796B526E316351704C524639747161426F3D',NULL,NULL,'f48d4533e92dac6157985a337413e3f967f7b7dc926cbf6b92c280ea6035a525','2026-11-26 14:23:24.506022','command line',NULL,NULL,NULL,0,0,0,480,168);
CREATE TABLE unstored_attributes (
	resource_type VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	last_at DATETIME NOT NULL, 
	CONSTRAINT pk_unstored_attributes PRIMARY KEY (resource_type, name)
);
INSERT INTO "unstored_attributes" VALUES('User','shoeSize','2026-11-26 14:23:14.196877');
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
INSERT INTO "users" VALUES('01a2183d-09fc-7000-8b9b-5d80ef00b2fc','{"userName": "ada", "active": true}',1,'2026-11-26 14:23:03.164365','2026-11-26 14:23:03.164365','ada','ada',NULL,NULL,'ada',NULL,NULL,0,NULL,1,0,0,'administrator',1,'$argon2id$v=19$m=19456,t=2,p=1$QDEbGVkCc49DnRV+gmKknw$RgcIAYqNsoEZZ/EYgkzdedHNqWzmpnr14iqLT5KipEA','2026-11-26 14:23:03.164365','2026-11-26 14:23:14.707940','local',NULL,0,0,'2026-11-26 14:23:14.707940');
INSERT INTO "users" VALUES('01a2183d-3321-7000-9a50-cd97f7c0efb3','{"userName": "otto@example.org", "externalId": "000000e1-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "otto@example.org", "primary": true}], "displayName": "Otto Visser", "title": "Head of News"}',2,'2026-11-26 14:23:13.697563','2026-11-26 14:23:29.281660','otto@example.org','otto@example.org','000000e1-1111-2222-3333-444444444444','Otto Visser','otto visser','otto@example.org','otto@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,'2026-11-26 14:23:24.747937','microsoft','000000e1-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-3348-7000-9995-fb03bb26863e','{"userName": "jane@example.org", "externalId": "0000aaaa-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "jane@example.org", "primary": true}], "name": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}, "displayName": "Jane Bakker", "preferredLanguage": "nl-NL", "phoneNumbers": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}], "addresses": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a2183d-3321-7000-9a50-cd97f7c0efb3"}}}',1,'2026-11-26 14:23:13.736664','2026-11-26 14:23:13.736664','jane@example.org','jane@example.org','0000aaaa-1111-2222-3333-444444444444','Jane Bakker','jane bakker','jane@example.org','jane@example.org',0,'01a2183d-3321-7000-9a50-cd97f7c0efb3',1,1,0,'user',0,NULL,NULL,'2026-11-26 14:23:24.606331','microsoft','0000aaaa-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-335e-7000-ad5c-371b80be1891','{"userName": "maria@example.org", "externalId": "000000b2-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "maria@example.org", "primary": true}], "displayName": "Maria N\u00fa\u00f1ez"}',1,'2026-11-26 14:23:13.758957','2026-11-26 14:23:13.758957','maria@example.org','maria@example.org','000000b2-1111-2222-3333-444444444444','Maria Núñez','maria núñez','maria@example.org','maria@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b2-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-336a-7000-be4b-3213cbe0323c','{"userName": "zo\u00eb@example.org", "externalId": "zoe", "active": true, "emails": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}], "displayName": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}',1,'2026-11-26 14:23:13.770325','2026-11-26 14:23:13.770325','zoë@example.org','zoë@example.org','zoe','Zoë O''Neil; "Z"
de Boer','zoë o''neil; "z"
de boer','zoe@example.org','zoe@example.org',1,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-3375-7000-8d27-06a1d3e06423','{"userName": "piet@example.org", "externalId": "000000b3-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "piet@example.org", "primary": true}], "displayName": "Piet de Wit"}',1,'2026-11-26 14:23:13.781151','2026-11-26 14:23:13.781151','piet@example.org','piet@example.org','000000b3-1111-2222-3333-444444444444','Piet de Wit','piet de wit','piet@example.org','piet@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,'2026-11-26 14:23:24.847331','microsoft','000000b3-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-3386-7000-9ce9-9a11a7d54196','{"userName": "kofi@example.org", "externalId": "000000B4-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "kofi@example.org", "primary": true}], "roles": [{"value": "Editor", "display": "Editor", "primary": true}]}',2,'2026-11-26 14:23:13.798527','2026-11-26 14:23:14.161456','kofi@example.org','kofi@example.org','000000B4-1111-2222-3333-444444444444',NULL,'kofi@example.org','kofi@example.org','kofi@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b4-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-3396-7000-8afe-64c6c00c5364','{"userName": "nora@example.org", "externalId": "000000b5-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "nora@example.org", "primary": true}], "displayName": "Nora Chief"}',1,'2026-11-26 14:23:13.814363','2026-11-26 14:23:13.814363','nora@example.org','nora@example.org','000000b5-1111-2222-3333-444444444444','Nora Chief','nora chief','nora@example.org','nora@example.org',0,NULL,1,1,0,'administrator',0,NULL,NULL,'2026-11-26 14:23:29.131967','microsoft','000000b5-1111-2222-3333-444444444444',1,0,NULL);
INSERT INTO "users" VALUES('01a2183d-33ae-7000-bf86-afa83b00ba79','{"userName": "\u0430da@example.org", "externalId": "000000b6-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "ada@example.org", "primary": true}], "displayName": "A\u202eda"}',1,'2026-11-26 14:23:13.838431','2026-11-26 14:23:13.838431','аda@example.org','аda@example.org','000000b6-1111-2222-3333-444444444444','A‮da','a‮da','ada@example.org','ada@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b6-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-33be-7000-b84b-d599ee32eedf','{"userName": "lea@example.org", "externalId": "000000b7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea@example.org", "primary": true}], "nickName": "Lea"}',1,'2026-11-26 14:23:13.854044','2026-11-26 14:23:13.854044','lea@example.org','lea@example.org','000000b7-1111-2222-3333-444444444444',NULL,'lea@example.org','lea@example.org','lea@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-33d0-7000-8bb1-29b7017e9942','{"userName": "lea.de.vries@example.org", "externalId": "000000B7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}], "nickName": "Lea 2"}',1,'2026-11-26 14:23:13.872402','2026-11-26 14:23:13.872402','lea.de.vries@example.org','lea.de.vries@example.org','000000B7-1111-2222-3333-444444444444',NULL,'lea.de.vries@example.org','lea.de.vries@example.org','lea.de.vries@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-3407-7000-a114-dd2a0b558d8e','{"userName": "wim@example.org", "externalId": "000000b9-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "wim@example.org", "primary": true}], "displayName": "Wim"}',2,'2026-11-26 14:23:13.927236','2026-11-26 14:23:14.197844','wim@example.org','wim@example.org','000000b9-1111-2222-3333-444444444444','Wim','wim','wim@example.org','wim@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b9-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-3417-7000-b160-74dd5a9eb937','{"userName": "no.object@example.org", "externalId": "someone", "active": true, "emails": [{"type": "work", "value": "no.object@example.org", "primary": true}], "displayName": "No Object"}',1,'2026-11-26 14:23:13.943899','2026-11-26 14:23:13.943899','no.object@example.org','no.object@example.org','someone','No Object','no object','no.object@example.org','no.object@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-353d-7000-8412-f17a65560aa2','{"userName": "linus", "active": true}',1,'2026-11-26 14:23:14.237112','2026-11-26 14:23:14.237112','linus','linus',NULL,NULL,'linus',NULL,NULL,0,NULL,1,0,0,'administrator',0,'$argon2id$v=19$m=19456,t=2,p=1$kgDQAKi5cNzvaOt7jMzzmA$GNLyyK3saJ3xZkq6JD3J9ffjx+S5VAww6XYTnnj1vGI','2026-11-26 14:23:14.237112','2026-11-26 14:23:37.005655','local',NULL,0,0,'2026-11-26 14:23:37.005655');
INSERT INTO "users" VALUES('01a2183d-3544-7000-a08c-47aed78cc46b','{"userName": "mallory", "active": true}',1,'2026-11-26 14:23:14.244126','2026-11-26 14:23:14.244126','mallory','mallory',NULL,NULL,'mallory',NULL,NULL,0,NULL,1,0,1,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$kgDQAKi5cNzvaOt7jMzzmA$GNLyyK3saJ3xZkq6JD3J9ffjx+S5VAww6XYTnnj1vGI','2026-11-26 14:23:14.244126',NULL,NULL,NULL,0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-3550-7000-b002-2cdac351bf04','{"userName": "grace@elsewhere.example", "active": true}',1,'2026-11-26 14:23:14.256337','2026-11-26 14:23:14.256337','grace@elsewhere.example','grace@elsewhere.example',NULL,NULL,'grace@elsewhere.example',NULL,NULL,0,NULL,1,0,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$kgDQAKi5cNzvaOt7jMzzmA$GNLyyK3saJ3xZkq6JD3J9ffjx+S5VAww6XYTnnj1vGI','2026-11-26 14:23:14.256337',NULL,NULL,NULL,0,0,NULL);
INSERT INTO "users" VALUES('01a2183d-3558-7000-b7b8-2e9f0976ca50','{"userName": "nadia@example.org", "active": true}',1,'2026-11-26 14:23:14.264283','2026-11-26 14:23:14.264283','nadia@example.org','nadia@example.org',NULL,NULL,'nadia@example.org',NULL,NULL,0,NULL,1,1,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$kgDQAKi5cNzvaOt7jMzzmA$GNLyyK3saJ3xZkq6JD3J9ffjx+S5VAww6XYTnnj1vGI','2026-11-26 14:23:14.264283','2026-11-26 14:23:29.239422','local',NULL,0,1,'2026-11-26 14:23:29.239422');
CREATE INDEX ix_groups_external_id ON groups (external_id);
CREATE INDEX ix_journal_log_at ON journal (log, at);
CREATE INDEX ix_journal_target_id ON journal (target_id);
CREATE INDEX ix_users_administrators ON users (role) WHERE role = 'administrator';
CREATE INDEX ix_users_shown_name_key ON users (shown_name_key);
CREATE INDEX ix_users_has_more_work_emails ON users (has_more_work_emails) WHERE has_more_work_emails = 1;
CREATE INDEX ix_users_manager_id ON users (manager_id);
CREATE INDEX ix_users_provisioned ON users (is_provisioned, id);
CREATE INDEX ix_users_work_email_key ON users (work_email_key);
CREATE INDEX ix_memberships_user_id ON memberships (user_id, group_id);
CREATE INDEX ix_sessions_user_id ON sessions (user_id);
CREATE INDEX ix_users_object_id ON users (object_id);
CREATE INDEX ix_journal_refused ON journal (action, at) WHERE succeeded = 0;
CREATE INDEX ix_sessions_oidc_session ON sessions (oidc_session);
COMMIT;
