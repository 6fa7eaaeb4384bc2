-- live token: npn_scim_ZSebP1A4TSdO8xI1PpVrTIT8gFCEcIq2xmFEqsnMs2c107AC4
-- revoked token: npn_scim_LMGdHVLU07fQvUMVqKZsit4snAmbWU17QpUjdUcsAOa3Hs9cW
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
INSERT INTO "groups" VALUES('01a21846-76a2-7000-9c73-e91b375cf61d','{"displayName": "Chief editors", "externalId": "000000c1-1111-2222-3333-444444444444"}',2,'2026-11-26 14:33:20.802787','2026-11-26 14:33:35.725048','Chief editors','chief editors','000000c1-1111-2222-3333-444444444444');
INSERT INTO "groups" VALUES('01a21846-76b2-7000-9ff1-9a4119c86357','{"displayName": "Readers"}',6,'2026-11-26 14:33:20.818411','2026-11-26 14:33:20.874542','Readers','readers',NULL);
INSERT INTO "groups" VALUES('01a21846-76f1-7000-8818-3919e8987b14','{"displayName": "Empty \u2116 1"}',1,'2026-11-26 14:33:20.881863','2026-11-26 14:33:20.881863','Empty № 1','empty no 1',NULL);
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
INSERT INTO "identities" VALUES('01a21846-75f9-7000-9fb4-791ea2207d9b','11111111-2222-3333-4444-555555555555','0000aaaa-1111-2222-3333-444444444444','pairwise','jane@example.org','["Editor"]','2026-11-26 14:33:30.606456','externalId');
INSERT INTO "identities" VALUES('01a21846-75d6-7000-b68a-af6882273077','11111111-2222-3333-4444-555555555555','000000b1-1111-2222-3333-444444444444','pairwise','otto@example.org','[]','2026-11-26 14:33:30.772088','externalId');
INSERT INTO "identities" VALUES('01a21846-762b-7000-97a5-08bc3c5c3684','11111111-2222-3333-4444-555555555555','000000b3-1111-2222-3333-444444444444','pairwise','piet@example.org','[]','2026-11-26 14:33:30.890377','externalId');
INSERT INTO "identities" VALUES('01a21846-764f-7000-80d3-e1d263f0b483','11111111-2222-3333-4444-555555555555','000000b5-1111-2222-3333-444444444444','pairwise','nora@example.org','[]','2026-11-26 14:33:35.805312','externalId');
INSERT INTO "identities" VALUES('01a21846-775b-7000-9b16-1a1dcbe52ee6','11111111-2222-3333-4444-555555555555','000000d1-1111-2222-3333-444444444444','pairwise','nadia@example.org','[]','2026-11-26 14:33:36.042241','the person themselves');
INSERT INTO "identities" VALUES('01a21846-7758-7000-8074-f1a00b20ff07','11111111-2222-3333-4444-555555555555','000000d2-1111-2222-3333-444444444444','pairwise','grace@example.org','[]','2026-11-26 14:33:36.071924','the person themselves');
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
INSERT INTO "journal" VALUES('01a21846-4b14-7000-91f8-2f1ee2000663','2026-11-26 14:33:09.652794','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21846-4b0d-7000-88d1-e21bbf6a4e5e','ada','[{"attribute": "userName", "new": "ada"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-5e00-7000-8d21-51fbe8182b70','2026-11-26 14:33:14.496522','audit','token.issued',1,'command line','command line',NULL,NULL,'Token','01a21846-5dfe-7000-b0e6-b640f63b0fea','npn_scim_ZSeb…AC4',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-6f9e-7000-bc45-97f8b2d88d5b','2026-11-26 14:33:19.006076','audit','token.issued',1,'command line','command line',NULL,NULL,'Token','01a21846-6f9c-7000-983c-8a98a8511582','npn_scim_LMGd…9cW',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-75e2-7000-b0a8-17784b6a9faf','2026-11-26 14:33:20.610169','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-75c1-7000-a3b6-c8f3e27056a8','User','01a21846-75d6-7000-b68a-af6882273077','otto@example.org','[{"attribute": "userName", "new": "otto@example.org"}, {"attribute": "externalId", "new": "000000b1-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "otto@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Otto Visser"}, {"attribute": "title", "new": "Head of News"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-7600-7000-b8d2-a8fb650fef01','2026-11-26 14:33:20.640600','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-75f7-7000-b15e-5843c947ab08','User','01a21846-75f9-7000-9fb4-791ea2207d9b','jane@example.org','[{"attribute": "userName", "new": "jane@example.org"}, {"attribute": "externalId", "new": "0000aaaa-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "jane@example.org", "primary": true}]}, {"attribute": "name", "new": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}}, {"attribute": "displayName", "new": "Jane Bakker"}, {"attribute": "preferredLanguage", "new": "nl-NL"}, {"attribute": "phoneNumbers", "new": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}]}, {"attribute": "addresses", "new": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}]}, {"attribute": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "new": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a21846-75d6-7000-b68a-af6882273077"}}}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-7614-7000-bf43-c997c701c00e','2026-11-26 14:33:20.660228','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-760a-7000-9f9d-9d0e668cb3a0','User','01a21846-760d-7000-9ee9-91674992e66b','maria@example.org','[{"attribute": "userName", "new": "maria@example.org"}, {"attribute": "externalId", "new": "000000b2-1111-2222-3333-444444444444"}, {"attribute": "active", "new": false}, {"attribute": "emails", "new": [{"type": "work", "value": "maria@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Maria N\u00fa\u00f1ez"}]','{"is_active": false}');
INSERT INTO "journal" VALUES('01a21846-761e-7000-944a-055eda1cdcec','2026-11-26 14:33:20.670141','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-761b-7000-8d58-267890a8a279','User','01a21846-761d-7000-8da6-5d8268cd0dfc','zoë@example.org','[{"attribute": "userName", "new": "zo\u00eb@example.org"}, {"attribute": "externalId", "new": "zoe"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}]}, {"attribute": "displayName", "new": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-762d-7000-b510-656577d3aaf9','2026-11-26 14:33:20.685493','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-7629-7000-ae49-d4700fcdd638','User','01a21846-762b-7000-97a5-08bc3c5c3684','piet@example.org','[{"attribute": "userName", "new": "piet@example.org"}, {"attribute": "externalId", "new": "000000b3-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "piet@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Piet de Wit"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-763e-7000-b764-3c73ccd3438c','2026-11-26 14:33:20.702072','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-7639-7000-b5d8-5492eac578de','User','01a21846-763b-7000-b954-103c87470eed','kofi@example.org','[{"attribute": "userName", "new": "kofi@example.org"}, {"attribute": "externalId", "new": "000000B4-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "kofi@example.org", "primary": true}]}, {"attribute": "roles", "new": [{"value": "Editor", "display": "Editor", "primary": true}]}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-7651-7000-a124-4fa9b0a82458','2026-11-26 14:33:20.721242','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-764d-7000-b329-9637543928b3','User','01a21846-764f-7000-80d3-e1d263f0b483','nora@example.org','[{"attribute": "userName", "new": "nora@example.org"}, {"attribute": "externalId", "new": "000000b5-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "nora@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Nora Chief"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-7661-7000-8887-356a36aef0e8','2026-11-26 14:33:20.737606','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-765d-7000-9ce2-5770ae13d7ea','User','01a21846-765f-7000-a6cb-907da0bb2f32','аda@example.org','[{"attribute": "userName", "new": "\u0430da@example.org"}, {"attribute": "externalId", "new": "000000b6-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "ada@example.org", "primary": true}]}, {"attribute": "displayName", "new": "A\u202eda"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-7670-7000-8efc-cfb1697e1673','2026-11-26 14:33:20.752157','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-7669-7000-af91-a243eb6fbe70','User','01a21846-766a-7000-9391-dabc1466107d','lea@example.org','[{"attribute": "userName", "new": "lea@example.org"}, {"attribute": "externalId", "new": "000000b7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-767a-7000-aad5-e6e6e4b93a90','2026-11-26 14:33:20.762089','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-7677-7000-9cff-153c1ca14d72','User','01a21846-7679-7000-9c70-20805026892c','lea.de.vries@example.org','[{"attribute": "userName", "new": "lea.de.vries@example.org"}, {"attribute": "externalId", "new": "000000B7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea 2"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-7683-7000-baee-168f2c8d1d66','2026-11-26 14:33:20.771686','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-7681-7000-b342-86f5ffbcbc6e','User','01a21846-7682-7000-95bd-ad42f2b92073','tom@example.org','[{"attribute": "userName", "new": "tom@example.org"}, {"attribute": "externalId", "new": "000000b8-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "tom@example.org", "primary": true}]}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-768e-7000-a855-b0cf18cfa37b','2026-11-26 14:33:20.782900','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-7688-7000-ad66-37fc4b0ff5de','User','01a21846-7689-7000-9a67-5f02cff66451','wim@example.org','[{"attribute": "userName", "new": "wim@example.org"}, {"attribute": "externalId", "new": "000000b9-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "wim@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Wim"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-7696-7000-9f33-465e8464efe5','2026-11-26 14:33:20.790251','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-7694-7000-a6ee-cedd44318578','User','01a21846-7695-7000-b343-e873434162ae','no.object@example.org','[{"attribute": "userName", "new": "no.object@example.org"}, {"attribute": "externalId", "new": "someone"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "no.object@example.org", "primary": true}]}, {"attribute": "displayName", "new": "No Object"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-76a4-7000-8f24-e3078734a32a','2026-11-26 14:33:20.804662','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-76a0-7000-a256-a415e46a5a62','Group','01a21846-76a2-7000-9c73-e91b375cf61d','Chief editors','[{"attribute": "displayName", "new": "Chief editors"}, {"attribute": "externalId", "new": "000000c1-1111-2222-3333-444444444444"}]',NULL);
INSERT INTO "journal" VALUES('01a21846-76b2-7001-9b3e-661985febe57','2026-11-26 14:33:20.818958','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-76b0-7000-bed0-f5353ea95aad','Group','01a21846-76b2-7000-9ff1-9a4119c86357','Readers','[{"attribute": "displayName", "new": "Readers"}]',NULL);
INSERT INTO "journal" VALUES('01a21846-76c3-7000-a237-1d508e3b6231','2026-11-26 14:33:20.835377','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21846-76b8-7000-9963-46143c4c51d2','Group','01a21846-76b2-7000-9ff1-9a4119c86357','Readers','[{"attribute": "members", "new": "01a21846-75f9-7000-9fb4-791ea2207d9b"}]','{"names": ["Jane Bakker"], "number": 1}');
INSERT INTO "journal" VALUES('01a21846-76cc-7000-a9d9-32444ba4a7d0','2026-11-26 14:33:20.845012','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21846-76cb-7000-997e-55adcc2faa42','Group','01a21846-76b2-7000-9ff1-9a4119c86357','Readers','[{"attribute": "members", "new": "01a21846-75d6-7000-b68a-af6882273077"}]','{"names": ["Otto Visser"], "number": 1}');
INSERT INTO "journal" VALUES('01a21846-76d9-7000-89c5-e99949b9c512','2026-11-26 14:33:20.857548','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21846-76d7-7000-b2ee-08847973e0be','Group','01a21846-76b2-7000-9ff1-9a4119c86357','Readers','[{"attribute": "members", "new": "01a21846-761d-7000-8da6-5d8268cd0dfc"}]','{"names": ["Zo\u00eb O''Neil; \"Z\"\nde Boer"], "number": 1}');
INSERT INTO "journal" VALUES('01a21846-76ea-7000-841e-21d985c8ebf2','2026-11-26 14:33:20.874854','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21846-76e8-7000-bbe1-6c121f1ecfa5','Group','01a21846-76b2-7000-9ff1-9a4119c86357','Readers','[{"attribute": "members", "new": "01a21846-7682-7000-95bd-ad42f2b92073"}]','{"names": ["tom@example.org"], "number": 1}');
INSERT INTO "journal" VALUES('01a21846-76f2-7000-9f18-c2f433483c99','2026-11-26 14:33:20.882281','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-76f0-7000-950b-e8a78253fc03','Group','01a21846-76f1-7000-8818-3919e8987b14','Empty № 1','[{"attribute": "displayName", "new": "Empty \u2116 1"}]',NULL);
INSERT INTO "journal" VALUES('01a21846-7703-7000-8525-d5ce70c54505','2026-11-26 14:33:20.899078','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a21846-7700-7000-ae1b-ffa823f10497','Group','01a21846-7702-7000-9be1-a320900d4a7f','Gone','[{"attribute": "displayName", "new": "Gone"}]',NULL);
INSERT INTO "journal" VALUES('01a21846-770a-7000-9845-f88f23a367f9','2026-11-26 14:33:20.906583','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21846-7708-7000-9565-cf58d5167b3a','Group','01a21846-7702-7000-9be1-a320900d4a7f','Gone','[{"attribute": "members", "new": "01a21846-75f9-7000-9fb4-791ea2207d9b"}]','{"names": ["Jane Bakker"], "number": 1}');
INSERT INTO "journal" VALUES('01a21846-7719-7000-8149-eb3b1e2a2a2c','2026-11-26 14:33:20.921190','provisioning','group.deleted',1,'SCIM','Entra ID','127.0.0.1','01a21846-7714-7000-9e1d-04698a42b967','Group','01a21846-7702-7000-9be1-a320900d4a7f','Gone',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-7726-7000-ba92-e8f25b5fc124','2026-11-26 14:33:20.934430','provisioning','person.disabled',1,'SCIM','Entra ID','127.0.0.1','01a21846-7720-7000-bebb-c1b4f1a21727','User','01a21846-763b-7000-b954-103c87470eed','kofi@example.org','[{"attribute": "active", "old": true, "new": false}]','{"attributes": ["active"], "sessions_ended": 0}');
INSERT INTO "journal" VALUES('01a21846-7735-7000-a645-76d36b7d401c','2026-11-26 14:33:20.949951','provisioning','person.disabled',1,'SCIM','Entra ID','127.0.0.1','01a21846-772c-7000-ab80-ec826a283b05','User','01a21846-7689-7000-9a67-5f02cff66451','wim@example.org','[{"attribute": "active", "old": true, "new": false}]','{"attributes": ["active"], "sessions_ended": 0}');
INSERT INTO "journal" VALUES('01a21846-7743-7001-bf95-ca6dee70a31b','2026-11-26 14:33:20.963737','provisioning','scim.refused',0,'SCIM','unknown','127.0.0.1','01a21846-7743-7000-9e23-e22dd2c10041',NULL,NULL,NULL,NULL,'{"method": "GET", "path": "/scim/v2/Users", "status": 401, "reason": "This is only part of a token (17 of 58 characters)."}');
INSERT INTO "journal" VALUES('01a21846-774d-7000-a6fa-0ee7190b8209','2026-11-26 14:33:20.973180','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21846-774c-7000-ba25-e83d1c5bcf31','linus','[{"attribute": "userName", "new": "linus"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-7750-7000-af56-690a58daec85','2026-11-26 14:33:20.976367','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21846-774f-7000-8704-513ff1c4b154','mallory','[{"attribute": "userName", "new": "mallory"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-7758-7001-9c91-07ed12362cb5','2026-11-26 14:33:20.984924','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21846-7758-7000-8074-f1a00b20ff07','grace@elsewhere.example','[{"attribute": "userName", "new": "grace@elsewhere.example"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-775c-7000-b2a5-20e0b351b73b','2026-11-26 14:33:20.988117','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21846-775b-7000-9b16-1a1dcbe52ee6','nadia@example.org','[{"attribute": "userName", "new": "nadia@example.org"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a21846-7814-7000-91fa-61aec83764a2','2026-11-26 14:33:21.172076','audit','sign_in.local',1,'person','linus','127.0.0.1',NULL,'User','01a21846-774c-7000-ba25-e83d1c5bcf31','linus',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-7928-7000-86ad-a59c0f8d6ec1','2026-11-26 14:33:21.448950','audit','sign_in.local',1,'person','ada','127.0.0.1',NULL,'User','01a21846-4b0d-7000-88d1-e21bbf6a4e5e','ada',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-86df-7000-b86c-b396edc592b6','2026-11-26 14:33:24.960013','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a21846-774f-7000-8704-513ff1c4b154','mallory',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-9c76-7000-a241-71d0892a9bb7','2026-11-26 14:33:30.486251','audit','settings.changed',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID','[{"attribute": "tenant_id", "new": "11111111-2222-3333-4444-555555555555"}, {"attribute": "client_id", "new": "66666666-7777-8888-9999-aaaaaaaaaaaa"}, {"attribute": "secret", "new": "changed"}]','{"part": "connection", "sessions_ended": 0}');
INSERT INTO "journal" VALUES('01a21846-9c7a-7000-8713-a7cd89c4dd4b','2026-11-26 14:33:30.490695','audit','sign_in.tested',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-9cf0-7000-81e6-0ddc932c891c','2026-11-26 14:33:30.608065','audit','microsoft.linked',1,'person','jane@example.org','127.0.0.1',NULL,'User','01a21846-75f9-7000-9fb4-791ea2207d9b','jane@example.org',NULL,'{"account": "jane@example.org", "object_id": "0000aaaa-1111-2222-3333-444444444444", "rule": "externalId"}');
INSERT INTO "journal" VALUES('01a21846-9d08-7000-aae0-d60c4bd44756','2026-11-26 14:33:30.632098','audit','sign_in.microsoft',1,'person','jane@example.org','127.0.0.1',NULL,'User','01a21846-75f9-7000-9fb4-791ea2207d9b','jane@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-9d95-7000-b8c0-8ad7120ad866','2026-11-26 14:33:30.773298','audit','microsoft.linked',1,'person','otto@example.org','127.0.0.1',NULL,'User','01a21846-75d6-7000-b68a-af6882273077','otto@example.org',NULL,'{"account": "otto@example.org", "object_id": "000000b1-1111-2222-3333-444444444444", "rule": "externalId"}');
INSERT INTO "journal" VALUES('01a21846-9da0-7000-928d-c489a4e31849','2026-11-26 14:33:30.784727','audit','sign_in.microsoft',1,'person','otto@example.org','127.0.0.1',NULL,'User','01a21846-75d6-7000-b68a-af6882273077','otto@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-9e0b-7000-b933-17a02ddef260','2026-11-26 14:33:30.891454','audit','microsoft.linked',1,'person','piet@example.org','127.0.0.1',NULL,'User','01a21846-762b-7000-97a5-08bc3c5c3684','piet@example.org',NULL,'{"account": "piet@example.org", "object_id": "000000b3-1111-2222-3333-444444444444", "rule": "externalId"}');
INSERT INTO "journal" VALUES('01a21846-9e16-7000-870d-015edc86dcbe','2026-11-26 14:33:30.902136','audit','sign_in.microsoft',1,'person','piet@example.org','127.0.0.1',NULL,'User','01a21846-762b-7000-97a5-08bc3c5c3684','piet@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-ac29-7000-843e-239cc410dfa4','2026-11-26 14:33:34.505164','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a21846-762b-7000-97a5-08bc3c5c3684','piet@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-b09d-7000-b19c-1572750a87f1','2026-11-26 14:33:35.645228','audit','role_mapping.added',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings',NULL,'{"app_role": null, "group": "Chief editors"}');
INSERT INTO "journal" VALUES('01a21846-b0c8-7000-8f1e-35174437fb5c','2026-11-26 14:33:35.688223','audit','role_mapping.added',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings',NULL,'{"app_role": "Netpresenter.Admin", "group": null}');
INSERT INTO "journal" VALUES('01a21846-b0ed-7000-82dc-91f5dc583b30','2026-11-26 14:33:35.725644','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21846-b0e1-7000-ae82-c6ecf49c4ce4','Group','01a21846-76a2-7000-9c73-e91b375cf61d','Chief editors','[{"attribute": "members", "new": "01a21846-764f-7000-80d3-e1d263f0b483"}]','{"names": ["Nora Chief"], "number": 1}');
INSERT INTO "journal" VALUES('01a21846-b0fc-7000-b6c9-cba9fc720e1e','2026-11-26 14:33:35.740676','provisioning','role.changed',1,'SCIM','Entra ID','127.0.0.1','01a21846-b0e1-7000-ae82-c6ecf49c4ce4','User','01a21846-764f-7000-80d3-e1d263f0b483','nora@example.org','[{"attribute": "role", "old": "user", "new": "administrator"}]','{"role": "administrator", "is_mapped": true}');
INSERT INTO "journal" VALUES('01a21846-b13e-7000-b2b6-fe7a219f0d45','2026-11-26 14:33:35.806050','audit','microsoft.linked',1,'person','nora@example.org','127.0.0.1',NULL,'User','01a21846-764f-7000-80d3-e1d263f0b483','nora@example.org',NULL,'{"account": "nora@example.org", "object_id": "000000b5-1111-2222-3333-444444444444", "rule": "externalId"}');
INSERT INTO "journal" VALUES('01a21846-b14e-7000-aa14-607602dda7d3','2026-11-26 14:33:35.822270','audit','sign_in.microsoft',1,'person','nora@example.org','127.0.0.1',NULL,'User','01a21846-764f-7000-80d3-e1d263f0b483','nora@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-b213-7000-b1f6-52fa56a77469','2026-11-26 14:33:36.019277','audit','sign_in.local',1,'person','nadia@example.org','127.0.0.1',NULL,'User','01a21846-775b-7000-9b16-1a1dcbe52ee6','nadia@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-b22f-7000-9067-03a62b36a31a','2026-11-26 14:33:36.047350','audit','microsoft.linked',1,'command line','command line',NULL,NULL,'User','01a21846-775b-7000-9b16-1a1dcbe52ee6','nadia@example.org',NULL,'{"account": "nadia@example.org", "object_id": "000000d1-1111-2222-3333-444444444444", "rule": "the person themselves"}');
INSERT INTO "journal" VALUES('01a21846-b23a-7000-b120-33b8c6133d71','2026-11-26 14:33:36.058973','audit','claimable.set',1,'command line','command line',NULL,NULL,'User','01a21846-775b-7000-9b16-1a1dcbe52ee6','nadia@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-b248-7000-9b02-4973f441212e','2026-11-26 14:33:36.072732','audit','microsoft.linked',1,'command line','command line',NULL,NULL,'User','01a21846-7758-7000-8074-f1a00b20ff07','grace@elsewhere.example',NULL,'{"account": "grace@example.org", "object_id": "000000d2-1111-2222-3333-444444444444", "rule": "the person themselves"}');
INSERT INTO "journal" VALUES('01a21846-b25d-7000-b96a-2b8050ae889b','2026-11-26 14:33:36.093400','provisioning','person.changed',1,'SCIM','Entra ID','127.0.0.1','01a21846-b257-7000-bf67-88a78eabb743','User','01a21846-75d6-7000-b68a-af6882273077','otto@example.org','[{"attribute": "externalId", "old": "000000b1-1111-2222-3333-444444444444", "new": "000000e1-1111-2222-3333-444444444444"}]','{"attributes": ["externalId"], "sessions_ended": 0}');
INSERT INTO "journal" VALUES('01a21846-b276-7000-9870-7964728c2170','2026-11-26 14:33:36.119034','provisioning','person.deleted',1,'SCIM','Entra ID','127.0.0.1','01a21846-b26a-7000-85bc-1c4272cb804a','User','01a21846-7682-7000-95bd-ad42f2b92073','tom@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-c008-7000-8c13-1f0f4bd132b0','2026-11-26 14:33:39.592618','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a21846-7695-7000-b343-e873434162ae','no.object@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-d161-7000-9946-314a191846bc','2026-11-26 14:33:44.033796','audit','role.changed',1,'command line','command line',NULL,NULL,'User','01a21846-774c-7000-ba25-e83d1c5bcf31','linus','[{"attribute": "role", "old": "user", "new": "administrator"}]','{"role": "administrator", "is_mapped": false}');
INSERT INTO "journal" VALUES('01a21846-d65b-7000-852d-83dac0d029b7','2026-11-26 14:33:45.307890','audit','sign_in.local',1,'person','linus','127.0.0.1',NULL,'User','01a21846-774c-7000-ba25-e83d1c5bcf31','linus',NULL,NULL);
INSERT INTO "journal" VALUES('01a21846-e4d4-7000-9c39-0e5024329213','2026-11-26 14:33:49.012601','audit','token.revoked',1,'command line','command line',NULL,NULL,'Token','01a21846-6f9c-7000-983c-8a98a8511582','npn_scim_LMGd…9cW',NULL,NULL);
CREATE TABLE memberships (
	group_id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (group_id, user_id), 
	CONSTRAINT fk_memberships_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "memberships" VALUES('01a21846-76b2-7000-9ff1-9a4119c86357','01a21846-75d6-7000-b68a-af6882273077');
INSERT INTO "memberships" VALUES('01a21846-76b2-7000-9ff1-9a4119c86357','01a21846-75f9-7000-9fb4-791ea2207d9b');
INSERT INTO "memberships" VALUES('01a21846-76b2-7000-9ff1-9a4119c86357','01a21846-761d-7000-8da6-5d8268cd0dfc');
INSERT INTO "memberships" VALUES('01a21846-76a2-7000-9c73-e91b375cf61d','01a21846-764f-7000-80d3-e1d263f0b483');
CREATE TABLE role_mappings (
	id VARCHAR(36) NOT NULL, 
	app_role VARCHAR, 
	group_id VARCHAR(36), 
	CONSTRAINT pk_role_mappings PRIMARY KEY (id), 
	CONSTRAINT fk_role_mappings_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT uq_role_mappings_app_role UNIQUE (app_role), 
	CONSTRAINT uq_role_mappings_group_id UNIQUE (group_id)
);
INSERT INTO "role_mappings" VALUES('01a21846-b09b-7000-a865-5ecbca8df043',NULL,'01a21846-76a2-7000-9c73-e91b375cf61d');
INSERT INTO "role_mappings" VALUES('01a21846-b0c7-7000-bccb-cc3b84f43e77','Netpresenter.Admin',NULL);
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
INSERT INTO "scim_tokens" VALUES('01a21846-5dfe-7000-b0e6-b640f63b0fea',X'9FA12A492ECC16BAD7AD7616C0B740ACAEFCC6A63CA1B26BE04E5B1FD2183277','npn_scim_ZSeb…AC4','Entra ID','R299OVSpO9ZIIfyzyeAWO0BA1e5Z1PT5gZAr2NgkBn4','2026-11-26 14:33:14.494640','command line','2026-11-26 14:33:20.578207','127.0.0.1',NULL);
INSERT INTO "scim_tokens" VALUES('01a21846-6f9c-7000-983c-8a98a8511582',X'4BFB921A1807EA1160661C26B0C95F91F321E52594EE900C3CD29E00DC63967E','npn_scim_LMGd…9cW','Old one','BXM9EIniD7THHG3nCKLYNZWtmkJGjh_5kYQf8I1Y04A','2026-11-26 14:33:19.004404','command line',NULL,NULL,'2026-11-26 14:33:49.005360');
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
INSERT INTO "sessions" VALUES(X'946C91FC58F9F9E065747573741B14DB2FF060DFADF5A521204C395B8ED8626E','01a21846-4b0d-7000-88d1-e21bbf6a4e5e','local','2026-11-26 14:33:21.447417','2026-11-26 14:33:21.447417','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:33:21.446857',NULL,NULL);
INSERT INTO "sessions" VALUES(X'9817227DF0D4295A68C4691CD1D7369473BEE6C46F57325B0FC32DDF5C6D32A9','01a21846-75f9-7000-9fb4-791ea2207d9b','microsoft','2026-11-26 14:33:30.623198','2026-11-26 14:33:30.623198','127.0.0.1','Werkzeug/3.1.9','1970-01-01 00:00:00.000000','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'8C34890C29D087AB4D59B33C83955CD2D7335F139BB056B01C40B5FB12E4D5FF','01a21846-764f-7000-80d3-e1d263f0b483','microsoft','2026-11-26 14:33:35.820860','2026-11-26 14:33:35.820860','127.0.0.1','Werkzeug/3.1.9','1970-01-01 00:00:00.000000','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'9935F58EC76E25361D0795B966D52AD6887606357A3A22F33435205CD503F791','01a21846-775b-7000-9b16-1a1dcbe52ee6','local','2026-11-26 14:33:36.013618','2026-11-26 14:33:36.013618','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:33:36.013101',NULL,NULL);
INSERT INTO "sessions" VALUES(X'88A5C276EE5350B7674F488999A4EF8927B95E1E4A85A3FE0354EE59615ABA41','01a21846-774c-7000-ba25-e83d1c5bcf31','local','2026-11-26 14:33:45.301919','2026-11-26 14:33:45.301919','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:33:45.301289',NULL,NULL);
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
INSERT INTO "sign_in_settings" VALUES(1,2,NULL,'11111111-2222-3333-4444-555555555555','66666666-7777-8888-9999-aaaaaaaaaaaa',X'674141414141427243454D36354871463569414D63734E4955546633322D734C364753394164516866504A69704C483056545261696851643837655051486367476C6961414A4945352D37414C527744596E7545534657523865497A6C6A6A6379312D32335138644D6371724A796F614531366F5476493D',NULL,NULL,'57734c5e4ba3e169a2887a35a28233ddf1869d38705ac0ffad7f57b1a7126037','2026-11-26 14:33:30.489291','command line',NULL,NULL,NULL,0,0,0,480,168);
CREATE TABLE unstored_attributes (
	resource_type VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	last_at DATETIME NOT NULL, 
	CONSTRAINT pk_unstored_attributes PRIMARY KEY (resource_type, name)
);
INSERT INTO "unstored_attributes" VALUES('User','shoeSize','2026-11-26 14:33:20.947965');
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
INSERT INTO "users" VALUES('01a21846-4b0d-7000-88d1-e21bbf6a4e5e','{"userName": "ada", "active": true}',1,'2026-11-26 14:33:09.645683','2026-11-26 14:33:09.645683','ada','ada',NULL,NULL,'ada',NULL,NULL,0,NULL,1,0,0,'administrator',1,'$argon2id$v=19$m=19456,t=2,p=1$1N7ExLwU82KtexjOEwScTg$HVzOezFQh9SS4fN9/1uFEgFAzscK/x3GS4uc/+H7iw0','2026-11-26 14:33:09.645683','2026-11-26 14:33:21.448294','local',NULL,0,0,'2026-11-26 14:33:21.448294');
INSERT INTO "users" VALUES('01a21846-75d6-7000-b68a-af6882273077','{"userName": "otto@example.org", "externalId": "000000e1-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "otto@example.org", "primary": true}], "displayName": "Otto Visser", "title": "Head of News"}',2,'2026-11-26 14:33:20.597985','2026-11-26 14:33:36.091026','otto@example.org','otto@example.org','000000e1-1111-2222-3333-444444444444','Otto Visser','otto visser','otto@example.org','otto@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,'2026-11-26 14:33:30.783771','microsoft','000000e1-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a21846-75f9-7000-9fb4-791ea2207d9b','{"userName": "jane@example.org", "externalId": "0000aaaa-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "jane@example.org", "primary": true}], "name": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}, "displayName": "Jane Bakker", "preferredLanguage": "nl-NL", "phoneNumbers": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}], "addresses": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a21846-75d6-7000-b68a-af6882273077"}}}',1,'2026-11-26 14:33:20.633849','2026-11-26 14:33:20.633849','jane@example.org','jane@example.org','0000aaaa-1111-2222-3333-444444444444','Jane Bakker','jane bakker','jane@example.org','jane@example.org',0,'01a21846-75d6-7000-b68a-af6882273077',1,1,0,'user',0,NULL,NULL,'2026-11-26 14:33:30.624917','microsoft','0000aaaa-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a21846-760d-7000-9ee9-91674992e66b','{"userName": "maria@example.org", "externalId": "000000b2-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "maria@example.org", "primary": true}], "displayName": "Maria N\u00fa\u00f1ez"}',1,'2026-11-26 14:33:20.653702','2026-11-26 14:33:20.653702','maria@example.org','maria@example.org','000000b2-1111-2222-3333-444444444444','Maria Núñez','maria núñez','maria@example.org','maria@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b2-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a21846-761d-7000-8da6-5d8268cd0dfc','{"userName": "zo\u00eb@example.org", "externalId": "zoe", "active": true, "emails": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}], "displayName": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}',1,'2026-11-26 14:33:20.669412','2026-11-26 14:33:20.669412','zoë@example.org','zoë@example.org','zoe','Zoë O''Neil; "Z"
de Boer','zoë o''neil; "z"
de boer','zoe@example.org','zoe@example.org',1,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL);
INSERT INTO "users" VALUES('01a21846-762b-7000-97a5-08bc3c5c3684','{"userName": "piet@example.org", "externalId": "000000b3-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "piet@example.org", "primary": true}], "displayName": "Piet de Wit"}',1,'2026-11-26 14:33:20.683678','2026-11-26 14:33:20.683678','piet@example.org','piet@example.org','000000b3-1111-2222-3333-444444444444','Piet de Wit','piet de wit','piet@example.org','piet@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,'2026-11-26 14:33:30.901318','microsoft','000000b3-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a21846-763b-7000-b954-103c87470eed','{"userName": "kofi@example.org", "externalId": "000000B4-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "kofi@example.org", "primary": true}], "roles": [{"value": "Editor", "display": "Editor", "primary": true}]}',2,'2026-11-26 14:33:20.699658','2026-11-26 14:33:20.931511','kofi@example.org','kofi@example.org','000000B4-1111-2222-3333-444444444444',NULL,'kofi@example.org','kofi@example.org','kofi@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b4-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a21846-764f-7000-80d3-e1d263f0b483','{"userName": "nora@example.org", "externalId": "000000b5-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "nora@example.org", "primary": true}], "displayName": "Nora Chief"}',1,'2026-11-26 14:33:20.719605','2026-11-26 14:33:20.719605','nora@example.org','nora@example.org','000000b5-1111-2222-3333-444444444444','Nora Chief','nora chief','nora@example.org','nora@example.org',0,NULL,1,1,0,'administrator',0,NULL,NULL,'2026-11-26 14:33:35.821736','microsoft','000000b5-1111-2222-3333-444444444444',1,0,NULL);
INSERT INTO "users" VALUES('01a21846-765f-7000-a6cb-907da0bb2f32','{"userName": "\u0430da@example.org", "externalId": "000000b6-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "ada@example.org", "primary": true}], "displayName": "A\u202eda"}',1,'2026-11-26 14:33:20.735850','2026-11-26 14:33:20.735850','аda@example.org','аda@example.org','000000b6-1111-2222-3333-444444444444','A‮da','a‮da','ada@example.org','ada@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b6-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a21846-766a-7000-9391-dabc1466107d','{"userName": "lea@example.org", "externalId": "000000b7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea@example.org", "primary": true}], "nickName": "Lea"}',1,'2026-11-26 14:33:20.746379','2026-11-26 14:33:20.746379','lea@example.org','lea@example.org','000000b7-1111-2222-3333-444444444444',NULL,'lea@example.org','lea@example.org','lea@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a21846-7679-7000-9c70-20805026892c','{"userName": "lea.de.vries@example.org", "externalId": "000000B7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}], "nickName": "Lea 2"}',1,'2026-11-26 14:33:20.761020','2026-11-26 14:33:20.761020','lea.de.vries@example.org','lea.de.vries@example.org','000000B7-1111-2222-3333-444444444444',NULL,'lea.de.vries@example.org','lea.de.vries@example.org','lea.de.vries@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a21846-7689-7000-9a67-5f02cff66451','{"userName": "wim@example.org", "externalId": "000000b9-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "wim@example.org", "primary": true}], "displayName": "Wim"}',2,'2026-11-26 14:33:20.777620','2026-11-26 14:33:20.948958','wim@example.org','wim@example.org','000000b9-1111-2222-3333-444444444444','Wim','wim','wim@example.org','wim@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b9-1111-2222-3333-444444444444',0,0,NULL);
INSERT INTO "users" VALUES('01a21846-7695-7000-b343-e873434162ae','{"userName": "no.object@example.org", "externalId": "someone", "active": true, "emails": [{"type": "work", "value": "no.object@example.org", "primary": true}], "displayName": "No Object"}',1,'2026-11-26 14:33:20.789801','2026-11-26 14:33:20.789801','no.object@example.org','no.object@example.org','someone','No Object','no object','no.object@example.org','no.object@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL);
INSERT INTO "users" VALUES('01a21846-774c-7000-ba25-e83d1c5bcf31','{"userName": "linus", "active": true}',1,'2026-11-26 14:33:20.972690','2026-11-26 14:33:20.972690','linus','linus',NULL,NULL,'linus',NULL,NULL,0,NULL,1,0,0,'administrator',0,'$argon2id$v=19$m=19456,t=2,p=1$lN09OAMqMr3K41rWZ9xzEg$DhvHuRQfImi3/Ltk3in+kggGIfCE/EuQPgl/0orKVoQ','2026-11-26 14:33:20.972690','2026-11-26 14:33:45.306266','local',NULL,0,0,'2026-11-26 14:33:45.306266');
INSERT INTO "users" VALUES('01a21846-774f-7000-8704-513ff1c4b154','{"userName": "mallory", "active": true}',1,'2026-11-26 14:33:20.975873','2026-11-26 14:33:20.975873','mallory','mallory',NULL,NULL,'mallory',NULL,NULL,0,NULL,1,0,1,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$lN09OAMqMr3K41rWZ9xzEg$DhvHuRQfImi3/Ltk3in+kggGIfCE/EuQPgl/0orKVoQ','2026-11-26 14:33:20.975873',NULL,NULL,NULL,0,0,NULL);
INSERT INTO "users" VALUES('01a21846-7758-7000-8074-f1a00b20ff07','{"userName": "grace@elsewhere.example", "active": true}',1,'2026-11-26 14:33:20.984271','2026-11-26 14:33:20.984271','grace@elsewhere.example','grace@elsewhere.example',NULL,NULL,'grace@elsewhere.example',NULL,NULL,0,NULL,1,0,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$lN09OAMqMr3K41rWZ9xzEg$DhvHuRQfImi3/Ltk3in+kggGIfCE/EuQPgl/0orKVoQ','2026-11-26 14:33:20.984271',NULL,NULL,NULL,0,0,NULL);
INSERT INTO "users" VALUES('01a21846-775b-7000-9b16-1a1dcbe52ee6','{"userName": "nadia@example.org", "active": true}',1,'2026-11-26 14:33:20.987680','2026-11-26 14:33:20.987680','nadia@example.org','nadia@example.org',NULL,NULL,'nadia@example.org',NULL,NULL,0,NULL,1,1,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$lN09OAMqMr3K41rWZ9xzEg$DhvHuRQfImi3/Ltk3in+kggGIfCE/EuQPgl/0orKVoQ','2026-11-26 14:33:20.987680','2026-11-26 14:33:36.014337','local',NULL,0,1,'2026-11-26 14:33:36.014337');
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
CREATE INDEX ix_journal_log_at ON journal (log, at);
CREATE INDEX ix_journal_target_id ON journal (target_id);
CREATE INDEX ix_journal_refused ON journal (event, at) WHERE succeeded = 0;
COMMIT;
