-- live token: npn_scim_BDI45pnrkyFyjKSAXmNnJOWQnMDxylE59IiJfwW417G2q6Gk5
-- revoked token: npn_scim_ghy9rdURfjEsrzemFX4nV0ar6NiPyMX4STI8Un1scGL15cHLt
PRAGMA application_id = 1313885745;
PRAGMA user_version = 0;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0008');
CREATE TABLE blocks (
	user_id VARCHAR(36) NOT NULL, 
	kind VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	blocked_at DATETIME NOT NULL, 
	blocked_by VARCHAR NOT NULL, 
	CONSTRAINT pk_blocks PRIMARY KEY (user_id, kind, value)
);
INSERT INTO "blocks" VALUES('01a21840-9188-7000-a4f5-38ab7c8f0781','user name','mallory','2026-11-26 14:26:58.045141','command line');
INSERT INTO "blocks" VALUES('01a21840-9068-7000-b630-a60791c93f60','object ID','000000b3-1111-2222-3333-444444444444','2026-11-26 14:27:05.365658','command line');
INSERT INTO "blocks" VALUES('01a21840-90e8-7000-b8e8-c93e051d57a6','user name','no.object@example.org','2026-11-26 14:27:09.462432','command line');
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
INSERT INTO "conflicts" VALUES('01a21840-90cc-7000-a8e6-bdfd15a55f86','01a21840-90b6-7000-afde-f0513207d8c9','shared_object_id','000000b7-1111-2222-3333-444444444444','','000000b7-1111-2222-3333-444444444444','2026-11-26 14:26:54.277833','2026-11-26 14:26:54.277833');
INSERT INTO "conflicts" VALUES('01a21840-90ce-7000-817c-287a77cc5285','01a21840-90ac-7000-a2cd-d6c060a71b7b','shared_object_id','000000b7-1111-2222-3333-444444444444','','000000b7-1111-2222-3333-444444444444','2026-11-26 14:26:54.285584','2026-11-26 14:26:54.285584');
INSERT INTO "conflicts" VALUES('01a21840-c005-7000-a110-40dac8217643','01a21840-901d-7000-9d24-2ba86d558aa7','link_disagrees','000000e1-1111-2222-3333-444444444444','otto@example.org','000000e1-1111-2222-3333-444444444444','2026-11-26 14:27:06.372912','2026-11-26 14:27:06.490400');
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
INSERT INTO "deleted_people" VALUES('01a21840-90d6-7000-8e5c-014540bd338e','tom@example.org','tom@example.org','000000b8-1111-2222-3333-444444444444',NULL,'2026-11-26 14:27:06.670951','Entra ID');
CREATE TABLE emergency_sign_ins (
	id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	user_name VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	address VARCHAR NOT NULL, 
	session_digest BLOB NOT NULL, 
	CONSTRAINT pk_emergency_sign_ins PRIMARY KEY (id)
);
INSERT INTO "emergency_sign_ins" VALUES('01a21840-936c-7001-b033-172d7fab836a','01a21840-4ce8-7000-bb93-9c8a3ac38186','ada','2026-11-26 14:26:54.956638','127.0.0.1',X'CD787213AFDCDDEBD80F6A4FAB309CDFB9AE176EDBA51D37BEA9C0AF661A186A');
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
INSERT INTO "groups" VALUES('01a21840-90f6-7000-8f0e-9f93c10256af','{"displayName": "Chief editors", "externalId": "000000c1-1111-2222-3333-444444444444"}',2,'2026-11-26 14:26:54.326377','2026-11-26 14:27:06.143199','Chief editors','chief editors','000000c1-1111-2222-3333-444444444444','chlef edltors');
INSERT INTO "groups" VALUES('01a21840-9101-7000-9dbf-4b7e39db9cd1','{"displayName": "Readers"}',6,'2026-11-26 14:26:54.337831','2026-11-26 14:26:54.386089','Readers','readers',NULL,'readers');
INSERT INTO "groups" VALUES('01a21840-9139-7000-9b90-2cc6f1ffb5b0','{"displayName": "Empty \u2116 1"}',1,'2026-11-26 14:26:54.393373','2026-11-26 14:26:54.393373','Empty № 1','empty no 1',NULL,'ernpty no l');
CREATE TABLE guesses (
	id VARCHAR(36) NOT NULL, 
	at FLOAT NOT NULL, 
	account VARCHAR, 
	network VARCHAR NOT NULL, 
	browser VARCHAR, 
	CONSTRAINT pk_guesses PRIMARY KEY (id)
);
INSERT INTO "guesses" VALUES('01a21840-92d6-7000-8fb5-4b8944a6212f',1795703214.8061168,NULL,'127.0.0.1',NULL);
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
INSERT INTO "identities" VALUES('01a21840-9037-7000-bc41-01fbdee63de7','11111111-2222-3333-4444-5555aaaabbbb','0000aaaa-1111-2222-3333-444444444444','pairwise','jane@example.org','["Editor"]','2026-11-26 14:27:02.599985','externalId');
INSERT INTO "identities" VALUES('01a21840-901d-7000-9d24-2ba86d558aa7','11111111-2222-3333-4444-5555aaaabbbb','000000b1-1111-2222-3333-444444444444','pairwise','otto@example.org','[]','2026-11-26 14:27:02.692295','externalId');
INSERT INTO "identities" VALUES('01a21840-9068-7000-b630-a60791c93f60','11111111-2222-3333-4444-5555aaaabbbb','000000b3-1111-2222-3333-444444444444','pairwise','piet@example.org','[]','2026-11-26 14:27:02.763428','externalId');
INSERT INTO "identities" VALUES('01a21840-9087-7000-aab6-57c5d27bff28','11111111-2222-3333-4444-5555aaaabbbb','000000b5-1111-2222-3333-444444444444','pairwise','nora@example.org','[]','2026-11-26 14:27:06.191346','externalId');
INSERT INTO "identities" VALUES('01a21840-9197-7000-8467-bdbafc70848d','11111111-2222-3333-4444-5555aaaabbbb','000000d1-1111-2222-3333-444444444444','pairwise','nadia@example.org','[]','2026-11-26 14:27:06.334438','the person themselves');
INSERT INTO "identities" VALUES('01a21840-9194-7000-95d9-e65b15ad336d','11111111-2222-3333-4444-5555aaaabbbb','000000d2-1111-2222-3333-444444444444','pairwise','grace@example.org','[]','2026-11-26 14:27:06.356641','the person themselves');
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
INSERT INTO "journal" VALUES('01a21840-4cec-7000-9d73-39605c64b70b','2026-11-26 14:26:36.908374','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21840-4ce8-7000-bb93-9c8a3ac38186','ada','[{"attribute": "userName", "new": "ada"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-592e-7000-b53a-0afcc1a54d30','2026-11-26 14:26:40.046828','audit','token.issued',1,'command line','command line',NULL,NULL,'Token','01a21840-592d-7000-9ba7-e2b19476edf5','npn_scim_BDI4…Gk5',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-69a1-7000-b71b-c365fb6e694d','2026-11-26 14:26:44.257263','audit','token.issued',1,'command line','command line',NULL,NULL,'Token','01a21840-699f-7000-b419-7d089067070f','npn_scim_ghy9…HLt',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-8f63-7000-baef-563bac149c4f','2026-11-26 14:26:53.923566','audit','backup.restored',1,'command line','command line',NULL,NULL,NULL,NULL,NULL,NULL,'{"at": "2026-11-26 14:26", "file": "netpresenter-2026-11-26T142648Z.zip"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9024-7000-acbb-b419b3d88433','2026-11-26 14:26:54.116118','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-9017-7000-b070-843ebc1dfa2e','User','01a21840-901d-7000-9d24-2ba86d558aa7','otto@example.org','[{"attribute": "userName", "new": "otto@example.org"}, {"attribute": "externalId", "new": "000000b1-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "otto@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Otto Visser"}, {"attribute": "title", "new": "Head of News"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9038-7000-bdfc-1601a11f1875','2026-11-26 14:26:54.136074','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-9036-7000-b972-666ca7df951e','User','01a21840-9037-7000-bc41-01fbdee63de7','jane@example.org','[{"attribute": "userName", "new": "jane@example.org"}, {"attribute": "externalId", "new": "0000aaaa-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "jane@example.org", "primary": true}]}, {"attribute": "name", "new": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}}, {"attribute": "displayName", "new": "Jane Bakker"}, {"attribute": "preferredLanguage", "new": "nl-NL"}, {"attribute": "phoneNumbers", "new": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}]}, {"attribute": "addresses", "new": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}]}, {"attribute": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "new": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a21840-901d-7000-9d24-2ba86d558aa7"}}}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9049-7001-b9e1-4f4ea925aefe','2026-11-26 14:26:54.153697','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-9047-7000-835a-8ded2c036d57','User','01a21840-9049-7000-a4d6-fadcd5224a90','maria@example.org','[{"attribute": "userName", "new": "maria@example.org"}, {"attribute": "externalId", "new": "000000b2-1111-2222-3333-444444444444"}, {"attribute": "active", "new": false}, {"attribute": "emails", "new": [{"type": "work", "value": "maria@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Maria N\u00fa\u00f1ez"}]','{"is_active": false}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9058-7000-9657-0a7a6cf17eab','2026-11-26 14:26:54.168516','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-9056-7000-96d3-7f7ea6925764','User','01a21840-9057-7000-b380-2e7067ec0143','zoë@example.org','[{"attribute": "userName", "new": "zo\u00eb@example.org"}, {"attribute": "externalId", "new": "zoe"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}]}, {"attribute": "displayName", "new": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9068-7001-bb92-7ecf6bd881ea','2026-11-26 14:26:54.184742','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-9066-7000-aa64-13522591d851','User','01a21840-9068-7000-b630-a60791c93f60','piet@example.org','[{"attribute": "userName", "new": "piet@example.org"}, {"attribute": "externalId", "new": "000000b3-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "piet@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Piet de Wit"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9076-7000-b03f-329337d98700','2026-11-26 14:26:54.198531','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-9074-7000-bc57-448a10895cb8','User','01a21840-9075-7000-badc-b241015f9a65','kofi@example.org','[{"attribute": "userName", "new": "kofi@example.org"}, {"attribute": "externalId", "new": "000000B4-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "kofi@example.org", "primary": true}]}, {"attribute": "roles", "new": [{"value": "Editor", "display": "Editor", "primary": true}]}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9087-7001-80f2-0dc70464fea8','2026-11-26 14:26:54.216036','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-9081-7000-a492-89253ab0c56d','User','01a21840-9087-7000-aab6-57c5d27bff28','nora@example.org','[{"attribute": "userName", "new": "nora@example.org"}, {"attribute": "externalId", "new": "000000b5-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "nora@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Nora Chief"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-909c-7000-9e6a-cd9c7df5de8f','2026-11-26 14:26:54.236447','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-909a-7000-9d0f-c668d45188a4','User','01a21840-909b-7000-b4ad-3cfddb6e3f6c','аda@example.org','[{"attribute": "userName", "new": "\u0430da@example.org"}, {"attribute": "externalId", "new": "000000b6-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "ada@example.org", "primary": true}]}, {"attribute": "displayName", "new": "A\u202eda"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-90ac-7001-9c3c-07e8d9fe1e39','2026-11-26 14:26:54.252962','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-90a6-7000-93e0-1e91a3396d3c','User','01a21840-90ac-7000-a2cd-d6c060a71b7b','lea@example.org','[{"attribute": "userName", "new": "lea@example.org"}, {"attribute": "externalId", "new": "000000b7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-90b7-7000-8fc5-2e879fd44150','2026-11-26 14:26:54.263262','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-90b5-7000-866c-9d6f675b04bd','User','01a21840-90b6-7000-afde-f0513207d8c9','lea.de.vries@example.org','[{"attribute": "userName", "new": "lea.de.vries@example.org"}, {"attribute": "externalId", "new": "000000B7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea 2"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-90cd-7000-8b8a-d18ac88ee173','2026-11-26 14:26:54.285291','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a21840-90b5-7000-866c-9d6f675b04bd','User','01a21840-90b6-7000-afde-f0513207d8c9','lea.de.vries@example.org',NULL,'{"reason": "shared_object_id", "value": "000000b7-1111-2222-3333-444444444444", "claimant": ""}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-90ce-7001-936d-e0dd175c05a7','2026-11-26 14:26:54.286693','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a21840-90b5-7000-866c-9d6f675b04bd','User','01a21840-90ac-7000-a2cd-d6c060a71b7b','lea@example.org',NULL,'{"reason": "shared_object_id", "value": "000000b7-1111-2222-3333-444444444444", "claimant": ""}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-90d7-7000-b867-bdedb46f8250','2026-11-26 14:26:54.295437','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-90d5-7000-ac81-f916723a4270','User','01a21840-90d6-7000-8e5c-014540bd338e','tom@example.org','[{"attribute": "userName", "new": "tom@example.org"}, {"attribute": "externalId", "new": "000000b8-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "tom@example.org", "primary": true}]}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-90e2-7000-a4d6-3f2da098e779','2026-11-26 14:26:54.306364','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-90e0-7000-a943-72b8f0ec2631','User','01a21840-90e1-7000-93e3-1353e023854d','wim@example.org','[{"attribute": "userName", "new": "wim@example.org"}, {"attribute": "externalId", "new": "000000b9-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "wim@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Wim"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-90e8-7001-a4f4-b0564c54f2ea','2026-11-26 14:26:54.312778','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-90e7-7000-a0dc-cfc9767c1dd4','User','01a21840-90e8-7000-b8e8-c93e051d57a6','no.object@example.org','[{"attribute": "userName", "new": "no.object@example.org"}, {"attribute": "externalId", "new": "someone"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "no.object@example.org", "primary": true}]}, {"attribute": "displayName", "new": "No Object"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-90f8-7000-8fa1-c6446c8f8509','2026-11-26 14:26:54.328098','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-90f5-7000-8883-eeabb4027623','Group','01a21840-90f6-7000-8f0e-9f93c10256af','Chief editors','[{"attribute": "displayName", "new": "Chief editors"}, {"attribute": "externalId", "new": "000000c1-1111-2222-3333-444444444444"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9102-7000-837e-9b1ef3458515','2026-11-26 14:26:54.338266','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-9100-7000-97a5-d5e2f6578b4c','Group','01a21840-9101-7000-9dbf-4b7e39db9cd1','Readers','[{"attribute": "displayName", "new": "Readers"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-910e-7000-8e51-1d0d1eadd5ca','2026-11-26 14:26:54.350210','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21840-9108-7000-a125-c1f472dba396','Group','01a21840-9101-7000-9dbf-4b7e39db9cd1','Readers','[{"attribute": "members", "new": "01a21840-9037-7000-bc41-01fbdee63de7"}]','{"names": ["Jane Bakker"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-911a-7000-8c73-235b6a82d8bb','2026-11-26 14:26:54.362182','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21840-9118-7000-a608-113f84386c4e','Group','01a21840-9101-7000-9dbf-4b7e39db9cd1','Readers','[{"attribute": "members", "new": "01a21840-901d-7000-9d24-2ba86d558aa7"}]','{"names": ["Otto Visser"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9126-7000-bbc1-3ecb17f29c94','2026-11-26 14:26:54.374177','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21840-9124-7000-b1e9-41d2eb8e31b8','Group','01a21840-9101-7000-9dbf-4b7e39db9cd1','Readers','[{"attribute": "members", "new": "01a21840-9057-7000-b380-2e7067ec0143"}]','{"names": ["Zo\u00eb O''Neil; \"Z\" de Boer"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9132-7000-8543-21b4d9bd3db1','2026-11-26 14:26:54.386321','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21840-9130-7000-bd13-3918d7badd51','Group','01a21840-9101-7000-9dbf-4b7e39db9cd1','Readers','[{"attribute": "members", "new": "01a21840-90d6-7000-8e5c-014540bd338e"}]','{"names": ["tom@example.org"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9139-7001-990e-f7659ee6dec0','2026-11-26 14:26:54.393762','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-9138-7000-8b46-5e0743e28851','Group','01a21840-9139-7000-9b90-2cc6f1ffb5b0','Empty № 1','[{"attribute": "displayName", "new": "Empty \u2116 1"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-913f-7001-952c-bd5271432bce','2026-11-26 14:26:54.399776','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a21840-913e-7000-8b26-52dc96d562a7','Group','01a21840-913f-7000-bd01-aa8a0ccd2886','Gone','[{"attribute": "displayName", "new": "Gone"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-914a-7000-8bc1-79f5fbde4323','2026-11-26 14:26:54.410248','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21840-9148-7000-951d-dfc7e567de6c','Group','01a21840-913f-7000-bd01-aa8a0ccd2886','Gone','[{"attribute": "members", "new": "01a21840-9037-7000-bc41-01fbdee63de7"}]','{"names": ["Jane Bakker"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9152-7000-81a1-885ac2e70d5a','2026-11-26 14:26:54.418476','provisioning','group.deleted',1,'SCIM','Entra ID','127.0.0.1','01a21840-9150-7000-9b40-5c1d43eaf8df','Group','01a21840-913f-7000-bd01-aa8a0ccd2886','Gone',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-915d-7000-b04f-d05e9fe5069d','2026-11-26 14:26:54.429290','provisioning','person.disabled',1,'SCIM','Entra ID','127.0.0.1','01a21840-9158-7000-916e-6989bbb58244','User','01a21840-9075-7000-badc-b241015f9a65','kofi@example.org','[{"attribute": "active", "old": true, "new": false}]','{"attributes": ["active"], "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-916c-7000-a627-dd00f6e515e1','2026-11-26 14:26:54.444333','provisioning','person.disabled',1,'SCIM','Entra ID','127.0.0.1','01a21840-9169-7000-9ae5-7b29245445ec','User','01a21840-90e1-7000-93e3-1353e023854d','wim@example.org','[{"attribute": "active", "old": true, "new": false}]','{"attributes": ["active"], "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9179-7000-9dc4-bd37ff91a5cc','2026-11-26 14:26:54.457515','provisioning','token.refused',0,'SCIM','','127.0.0.1',NULL,NULL,NULL,NULL,NULL,'{"reason": "This is only part of a token (17 of 58 characters)."}','2026-11-26T14:15/token.refused/085f621087474d34c3e784135228b1c7',1,'2026-11-26 14:26:54.457515');
INSERT INTO "journal" VALUES('01a21840-9185-7000-8701-cd15f1c915f8','2026-11-26 14:26:54.469179','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21840-9184-7000-8ceb-d2b9d29da9e6','linus','[{"attribute": "userName", "new": "linus"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9188-7001-9603-00b56558da42','2026-11-26 14:26:54.472778','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21840-9188-7000-a4f5-38ab7c8f0781','mallory','[{"attribute": "userName", "new": "mallory"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9194-7001-96fc-ff9d8a33d47c','2026-11-26 14:26:54.484674','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21840-9194-7000-95d9-e65b15ad336d','grace@elsewhere.example','[{"attribute": "userName", "new": "grace@elsewhere.example"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9198-7000-b7cd-0a1dbeedd5dc','2026-11-26 14:26:54.488304','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21840-9197-7000-8467-bdbafc70848d','nadia@example.org','[{"attribute": "userName", "new": "nadia@example.org"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9294-7000-88c5-23a2159132e8','2026-11-26 14:26:54.740168','audit','sign_in.local',1,'person','linus','127.0.0.1',NULL,'User','01a21840-9184-7000-8ceb-d2b9d29da9e6','linus',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-930e-7000-a50d-a90b4494101f','2026-11-26 14:26:54.862609','audit','sign_in.failed',0,'visitor','','127.0.0.1',NULL,'User','01a21840-9184-7000-8ceb-d2b9d29da9e6','linus',NULL,NULL,'2026-11-26T14:15/sign_in.failed/60006907f28303515c453521c6d301a0',1,'2026-11-26 14:26:54.862609');
INSERT INTO "journal" VALUES('01a21840-936c-7000-852a-597a70d5063b','2026-11-26 14:26:54.956461','audit','sign_in.emergency',1,'person','ada','127.0.0.1',NULL,'User','01a21840-4ce8-7000-bb93-9c8a3ac38186','ada',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-9f7e-7000-8b9e-fd2ebf09e64d','2026-11-26 14:26:58.046063','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a21840-9188-7000-a4f5-38ab7c8f0781','mallory',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-b0f0-7000-95fd-7046fef1df28','2026-11-26 14:27:02.512631','audit','settings.changed',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID','[{"attribute": "tenant_id", "new": "11111111-2222-3333-4444-5555aaaabbbb"}, {"attribute": "client_id", "new": "66666666-7777-8888-9999-aaaaaaaaaaaa"}, {"attribute": "secret", "new": "changed"}]','{"part": "connection", "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-b0f2-7000-8e1c-b3a7a2ec3da5','2026-11-26 14:27:02.514558','audit','sign_in.tested',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-b149-7000-a7de-2ef32e1b2144','2026-11-26 14:27:02.601173','audit','microsoft.linked',1,'Microsoft account','jane@example.org (0000aaaa-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a21840-9037-7000-bc41-01fbdee63de7','jane@example.org',NULL,'{"account": "jane@example.org", "object_id": "0000aaaa-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-b150-7000-b8a2-f2c24d65f2a4','2026-11-26 14:27:02.608991','audit','sign_in.microsoft',1,'person','jane@example.org','127.0.0.1',NULL,'User','01a21840-9037-7000-bc41-01fbdee63de7','jane@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-b1a4-7000-b78b-a925d403e98a','2026-11-26 14:27:02.692772','audit','microsoft.linked',1,'Microsoft account','otto@example.org (000000b1-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a21840-901d-7000-9d24-2ba86d558aa7','otto@example.org',NULL,'{"account": "otto@example.org", "object_id": "000000b1-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-b1a9-7000-944b-24e7459a89eb','2026-11-26 14:27:02.697780','audit','sign_in.microsoft',1,'person','otto@example.org','127.0.0.1',NULL,'User','01a21840-901d-7000-9d24-2ba86d558aa7','otto@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-b1eb-7000-98a2-1230bc278b7f','2026-11-26 14:27:02.763882','audit','microsoft.linked',1,'Microsoft account','piet@example.org (000000b3-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a21840-9068-7000-b630-a60791c93f60','piet@example.org',NULL,'{"account": "piet@example.org", "object_id": "000000b3-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-b1f0-7000-954f-a7568cb76295','2026-11-26 14:27:02.768464','audit','sign_in.microsoft',1,'person','piet@example.org','127.0.0.1',NULL,'User','01a21840-9068-7000-b630-a60791c93f60','piet@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-bc16-7000-9e46-8f6660780031','2026-11-26 14:27:05.366534','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a21840-9068-7000-b630-a60791c93f60','piet@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-bf0a-7000-a0ea-a925de62c516','2026-11-26 14:27:06.122115','audit','role_mapping.added',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings',NULL,'{"app_role": null, "group": "Chief editors"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-bf10-7000-b192-7d4fb2e23895','2026-11-26 14:27:06.128332','audit','role_mapping.added',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings',NULL,'{"app_role": "Netpresenter.Admin", "group": null}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-bf1f-7000-bb05-bf126ffea548','2026-11-26 14:27:06.143567','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21840-bf1d-7000-9fc0-98d87505d27a','Group','01a21840-90f6-7000-8f0e-9f93c10256af','Chief editors','[{"attribute": "members", "new": "01a21840-9087-7000-aab6-57c5d27bff28"}]','{"names": ["Nora Chief"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-bf24-7000-bd18-d4a5327ddb85','2026-11-26 14:27:06.148479','provisioning','role.changed',1,'SCIM','Entra ID','127.0.0.1','01a21840-bf1d-7000-9fc0-98d87505d27a','User','01a21840-9087-7000-aab6-57c5d27bff28','nora@example.org','[{"attribute": "role", "old": "user", "new": "administrator"}]','{"role": "administrator", "is_mapped": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-bf4f-7000-9bcb-74a1f82c56be','2026-11-26 14:27:06.191810','audit','microsoft.linked',1,'Microsoft account','nora@example.org (000000b5-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a21840-9087-7000-aab6-57c5d27bff28','nora@example.org',NULL,'{"account": "nora@example.org", "object_id": "000000b5-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-bf55-7000-8208-539912eaa369','2026-11-26 14:27:06.197936','audit','sign_in.microsoft',1,'person','nora@example.org','127.0.0.1',NULL,'User','01a21840-9087-7000-aab6-57c5d27bff28','nora@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-bfd3-7000-99fb-498d392ce750','2026-11-26 14:27:06.323384','audit','sign_in.local',1,'person','nadia@example.org','127.0.0.1',NULL,'User','01a21840-9197-7000-8467-bdbafc70848d','nadia@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-bfe3-7000-a9b2-121d4f328f26','2026-11-26 14:27:06.339124','audit','microsoft.linked',1,'command line','command line',NULL,NULL,'User','01a21840-9197-7000-8467-bdbafc70848d','nadia@example.org',NULL,'{"account": "nadia@example.org", "object_id": "000000d1-1111-2222-3333-444444444444", "rule": "the person themselves"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-bfeb-7000-abe3-8ddd4708a5e8','2026-11-26 14:27:06.347135','audit','claimable.set',1,'command line','command line',NULL,NULL,'User','01a21840-9197-7000-8467-bdbafc70848d','nadia@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-bff5-7000-9fa8-990f1a0f27c4','2026-11-26 14:27:06.357128','audit','microsoft.linked',1,'command line','command line',NULL,NULL,'User','01a21840-9194-7000-95d9-e65b15ad336d','grace@elsewhere.example',NULL,'{"account": "grace@example.org", "object_id": "000000d2-1111-2222-3333-444444444444", "rule": "the person themselves"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-bffe-7000-bdd3-f4f1f41d95d2','2026-11-26 14:27:06.366688','provisioning','person.changed',1,'SCIM','Entra ID','127.0.0.1','01a21840-bffc-7000-a854-891f2b11a1cf','User','01a21840-901d-7000-9d24-2ba86d558aa7','otto@example.org','[{"attribute": "externalId", "old": "000000b1-1111-2222-3333-444444444444", "new": "000000e1-1111-2222-3333-444444444444"}]','{"attributes": ["externalId"], "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-c003-7000-af38-a0e4b54f8b25','2026-11-26 14:27:06.371228','provisioning','external_id.changed',1,'SCIM','Entra ID','127.0.0.1','01a21840-bffc-7000-a854-891f2b11a1cf','User','01a21840-901d-7000-9d24-2ba86d558aa7','otto@example.org',NULL,'{"old": "000000b1-1111-2222-3333-444444444444", "new": "000000e1-1111-2222-3333-444444444444"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-c006-7000-b73e-bcb1504b4540','2026-11-26 14:27:06.374062','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a21840-bffc-7000-a854-891f2b11a1cf','User','01a21840-901d-7000-9d24-2ba86d558aa7','otto@example.org',NULL,'{"reason": "link_disagrees", "value": "000000e1-1111-2222-3333-444444444444", "claimant": "otto@example.org"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-c03f-7000-a09c-a6a3b24fb381','2026-11-26 14:27:06.431071','audit','microsoft.sign_in_refused',0,'Microsoft account','otto@example.org (000000b1-1111-2222-3333-444444444444)','127.0.0.1','QL7O-5I3M','User','01a21840-901d-7000-9d24-2ba86d558aa7','otto@example.org',NULL,'{"reason": "link_disagrees", "account": "otto@example.org", "object_id": "000000b1-1111-2222-3333-444444444444", "external_id": "000000e1-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/0b22ea802cfdbef2f2b2a4c5f9b6020e',1,'2026-11-26 14:27:06.431071');
INSERT INTO "journal" VALUES('01a21840-c07c-7000-9d52-c424aa08b06f','2026-11-26 14:27:06.492985','audit','microsoft.sign_in_refused',0,'Microsoft account','otto@example.org (000000e1-1111-2222-3333-444444444444)','127.0.0.1','3B5L-2KJP','User','01a21840-901d-7000-9d24-2ba86d558aa7','otto@example.org',NULL,'{"reason": "link_disagrees", "account": "otto@example.org", "object_id": "000000e1-1111-2222-3333-444444444444", "external_id": "000000e1-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/ddf787f940926c189690e5843a2c26a2',1,'2026-11-26 14:27:06.492985');
INSERT INTO "journal" VALUES('01a21840-c0af-7000-8d41-bf70689b419a','2026-11-26 14:27:06.543915','audit','microsoft.sign_in_refused',0,'Microsoft account','lea@example.org (000000b7-1111-2222-3333-444444444444)','127.0.0.1','RATD-Q7B5','User','01a21840-90ac-7000-a2cd-d6c060a71b7b','lea@example.org',NULL,'{"reason": "shared_object_id", "account": "lea@example.org", "object_id": "000000b7-1111-2222-3333-444444444444", "external_id": "000000b7-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/523f162d9d2fc7305cf077051d2a3ad4',1,'2026-11-26 14:27:06.543915');
INSERT INTO "journal" VALUES('01a21840-c0e7-7000-930e-bd1e9a535cd0','2026-11-26 14:27:06.600030','audit','microsoft.sign_in_refused',0,'Microsoft account','stranger@example.org (000000ee-1111-2222-3333-444444444444)','127.0.0.1','THU7-5OFF',NULL,NULL,NULL,NULL,'{"reason": "no_account", "account": "stranger@example.org", "object_id": "000000ee-1111-2222-3333-444444444444", "external_id": null, "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/7177f55667b4c6f95dd575a17c7fb548',1,'2026-11-26 14:27:06.600030');
INSERT INTO "journal" VALUES('01a21840-c11f-7000-a443-186c6b9c9655','2026-11-26 14:27:06.655216','audit','microsoft.sign_in_refused',0,'Microsoft account','maria@example.org (000000b2-1111-2222-3333-444444444444)','127.0.0.1','5FUG-GTPN','User','01a21840-9049-7000-a4d6-fadcd5224a90','maria@example.org',NULL,'{"reason": "disabled", "account": "maria@example.org", "object_id": "000000b2-1111-2222-3333-444444444444", "external_id": "000000b2-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:15/microsoft.sign_in_refused/e1a580e0985ef52936b938e859e66a54',1,'2026-11-26 14:27:06.655216');
INSERT INTO "journal" VALUES('01a21840-c130-7000-8771-ccf3848a3909','2026-11-26 14:27:06.672223','provisioning','person.deleted',1,'SCIM','Entra ID','127.0.0.1','01a21840-c12b-7000-8a84-cb8124ec371c','User','01a21840-90d6-7000-8e5c-014540bd338e','tom@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-cc1b-7000-93ec-0e07192dd7ae','2026-11-26 14:27:09.467641','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a21840-90e8-7000-b8e8-c93e051d57a6','no.object@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-d8ff-7000-ae58-ea914b871f4d','2026-11-26 14:27:12.767324','audit','role.changed',1,'command line','command line',NULL,NULL,'User','01a21840-9184-7000-8ceb-d2b9d29da9e6','linus','[{"attribute": "role", "old": "user", "new": "administrator"}]','{"role": "administrator", "is_mapped": false}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-dd51-7000-b1f1-232cb5752899','2026-11-26 14:27:13.873764','audit','sign_in.local',1,'person','linus','127.0.0.1',NULL,'User','01a21840-9184-7000-8ceb-d2b9d29da9e6','linus',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-e873-7000-aa24-9f61c9557b63','2026-11-26 14:27:16.723710','audit','token.revoked',1,'command line','command line',NULL,NULL,'Token','01a21840-699f-7000-b419-7d089067070f','npn_scim_ghy9…HLt',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21840-ec06-7000-bccd-f0594076da51','2026-11-26 14:27:17.638528','provisioning','token.refused',0,'SCIM','','127.0.0.1',NULL,NULL,NULL,NULL,NULL,'{"reason": "The token is revoked, or of another installation."}','2026-11-26T14:15/token.refused/afc64b36994e60ba39c79d34b16e5132',1,'2026-11-26 14:27:17.638528');
INSERT INTO "journal" VALUES('01a21840-f553-7000-80a3-b53b70d88a55','2026-11-26 14:27:20.019893','audit','account.unlocked',1,'command line','command line',NULL,NULL,'User','01a21840-9194-7000-95d9-e65b15ad336d','grace@elsewhere.example',NULL,NULL,NULL,1,NULL);
CREATE TABLE memberships (
	group_id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (group_id, user_id), 
	CONSTRAINT fk_memberships_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "memberships" VALUES('01a21840-9101-7000-9dbf-4b7e39db9cd1','01a21840-901d-7000-9d24-2ba86d558aa7');
INSERT INTO "memberships" VALUES('01a21840-9101-7000-9dbf-4b7e39db9cd1','01a21840-9037-7000-bc41-01fbdee63de7');
INSERT INTO "memberships" VALUES('01a21840-9101-7000-9dbf-4b7e39db9cd1','01a21840-9057-7000-b380-2e7067ec0143');
INSERT INTO "memberships" VALUES('01a21840-90f6-7000-8f0e-9f93c10256af','01a21840-9087-7000-aab6-57c5d27bff28');
CREATE TABLE restorations (
	id VARCHAR(36) NOT NULL, 
	restored_at DATETIME NOT NULL, 
	backup_made_at DATETIME NOT NULL, 
	facts JSON NOT NULL, 
	ended_at DATETIME, 
	ended_by VARCHAR, 
	CONSTRAINT pk_restorations PRIMARY KEY (id)
);
INSERT INTO "restorations" VALUES('01a21840-8ac6-7000-af18-f85f763d08db','2026-11-26 14:26:52.742337','2026-11-26 14:26:48.605567','{"file": "netpresenter-2026-11-26T142648Z.zip", "version": "0.1.0", "tokens": [{"hint": "npn_scim_BDI4\u2026Gk5", "label": "Entra ID", "created": "2026-11-26 14:26", "mark": ""}, {"hint": "npn_scim_ghy9\u2026HLt", "label": "Old one", "created": "2026-11-26 14:26", "mark": ""}], "is_compared": true, "people": [], "people_number": 0, "administrators": [], "passwords": [], "passwords_number": 0, "was_forced": false}',NULL,NULL);
CREATE TABLE role_mappings (
	id VARCHAR(36) NOT NULL, 
	app_role VARCHAR, 
	group_id VARCHAR(36), 
	CONSTRAINT pk_role_mappings PRIMARY KEY (id), 
	CONSTRAINT fk_role_mappings_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT uq_role_mappings_app_role UNIQUE (app_role), 
	CONSTRAINT uq_role_mappings_group_id UNIQUE (group_id)
);
INSERT INTO "role_mappings" VALUES('01a21840-bf09-7000-ab63-4af7db9cf2c4',NULL,'01a21840-90f6-7000-8f0e-9f93c10256af');
INSERT INTO "role_mappings" VALUES('01a21840-bf0f-7000-b085-c35714849549','Netpresenter.Admin',NULL);
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
INSERT INTO "scim_tokens" VALUES('01a21840-592d-7000-9ba7-e2b19476edf5',X'82D6DC80EDB0E581A990674912C0CC363A4455CF749C1DB4439A655E76CE5383','npn_scim_BDI4…Gk5','Entra ID','H7-t1Lsm4dGoCqFIY9ZyItLeMneDRjuw1WTW5tXysy0','2026-11-26 14:26:40.045672','command line','2026-11-26 14:26:54.103632','127.0.0.1',NULL);
INSERT INTO "scim_tokens" VALUES('01a21840-699f-7000-b419-7d089067070f',X'4D2F9F46E5A023D6B72E0262DBCBAC56561020ED77F62844628EC3303D3E8AC0','npn_scim_ghy9…HLt','Old one','4-RWWS6kQgjy0RyrxOs32Mxrp3u9vQytizmDT4bsi9w','2026-11-26 14:26:44.256015','command line',NULL,NULL,'2026-11-26 14:27:16.721026');
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
INSERT INTO "sessions" VALUES(X'CD787213AFDCDDEBD80F6A4FAB309CDFB9AE176EDBA51D37BEA9C0AF661A186A','01a21840-4ce8-7000-bb93-9c8a3ac38186','local','2026-11-26 14:26:54.955030','2026-11-26 14:26:54.955030','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:26:54.949360',NULL,NULL);
INSERT INTO "sessions" VALUES(X'0A6DD4294512350DC4AB5A49057E3C5288916099538BA740509A3E584F4CD169','01a21840-9037-7000-bc41-01fbdee63de7','microsoft','2026-11-26 14:27:02.607317','2026-11-26 14:27:02.607317','127.0.0.1','Werkzeug/3.1.9','1970-01-01 00:00:00.000000','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'DF1AB61E9E9FF9916098755FD139E64B6879748EE1AE0DB9F815CE5559BA4B72','01a21840-9087-7000-aab6-57c5d27bff28','microsoft','2026-11-26 14:27:06.196541','2026-11-26 14:27:06.196541','127.0.0.1','Werkzeug/3.1.9','1970-01-01 00:00:00.000000','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'BF7E65F4A83150CA587A284AF3E42B4BBFF5A0D1753A9C0EB95E81CBA62481EA','01a21840-9197-7000-8467-bdbafc70848d','local','2026-11-26 14:27:06.322108','2026-11-26 14:27:06.322108','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:27:06.320545',NULL,NULL);
INSERT INTO "sessions" VALUES(X'0E989F38B857B997B4D2C31E096EE8ED58A6AA262B416D4CF43226FD255B6675','01a21840-9184-7000-8ceb-d2b9d29da9e6','local','2026-11-26 14:27:13.871946','2026-11-26 14:27:13.871946','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:27:13.865202',NULL,NULL);
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
INSERT INTO "sign_in_settings" VALUES(1,2,NULL,'11111111-2222-3333-4444-5555aaaabbbb','66666666-7777-8888-9999-aaaaaaaaaaaa',X'6741414141414272434547327944464B315532697867734F49797665696735747A31645468717A5F4D7A397962525F345A54484D46386750354C593073455176526958576B4851566C64417A2D62466B6D6B756A5F4F694F46396332354A54766E706C5759505051615248545F413278356347374161593D',NULL,NULL,'9218a7258a18df7189fd18a92ca82605d160da286e173b981aa43b0131d8b280','2026-11-26 14:27:02.513627','command line',NULL,NULL,NULL,0,0,0,480,168);
CREATE TABLE unlocks (
	user_id VARCHAR(36) NOT NULL, 
	digest BLOB NOT NULL, 
	unlocked_at DATETIME NOT NULL, 
	CONSTRAINT pk_unlocks PRIMARY KEY (user_id), 
	CONSTRAINT fk_unlocks_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_unlocks_digest UNIQUE (digest)
);
INSERT INTO "unlocks" VALUES('01a21840-9194-7000-95d9-e65b15ad336d',X'0B7E4F65D781215A01A66312B8A4E15397F89C18CC92D6E9BB5590DC2168EDE6','2026-11-26 14:27:20.018135');
CREATE TABLE unstored_attributes (
	resource_type VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	last_at DATETIME NOT NULL, 
	CONSTRAINT pk_unstored_attributes PRIMARY KEY (resource_type, name)
);
INSERT INTO "unstored_attributes" VALUES('User','shoeSize','2026-11-26 14:26:54.443002');
CREATE TABLE upkeep_runs (
	job VARCHAR NOT NULL, 
	ended_at DATETIME NOT NULL, 
	succeeded BOOLEAN NOT NULL, 
	note VARCHAR NOT NULL, 
	CONSTRAINT pk_upkeep_runs PRIMARY KEY (job)
);
INSERT INTO "upkeep_runs" VALUES('prune','2026-11-26 14:27:20.676745',1,'Nothing was old enough.');
INSERT INTO "upkeep_runs" VALUES('backup','2026-11-26 14:27:20.744440',1,'/srv/netpresenter/backups/netpresenter-nightly-2026-11-26T142720Z.zip, 28 KiB: restored and counted, 17 people, 3 groups.');
INSERT INTO "upkeep_runs" VALUES('check','2026-11-26 14:27:20.753535',1,'All of the database was checked: it is whole.');
CREATE TABLE upkeep_settings (
	id INTEGER NOT NULL, 
	provisioning_days INTEGER DEFAULT 90 NOT NULL, 
	audit_days INTEGER DEFAULT 730 NOT NULL, 
	backup_folder VARCHAR DEFAULT '' NOT NULL, 
	backup_hour INTEGER DEFAULT 2 NOT NULL, 
	backups_kept INTEGER DEFAULT 7 NOT NULL, 
	CONSTRAINT pk_upkeep_settings PRIMARY KEY (id)
);
INSERT INTO "upkeep_settings" VALUES(1,90,730,'',2,7);
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
INSERT INTO "users" VALUES('01a21840-4ce8-7000-bb93-9c8a3ac38186','{"userName": "ada", "active": true}',1,'2026-11-26 14:26:36.904473','2026-11-26 14:26:36.904473','ada','ada',NULL,NULL,'ada',NULL,NULL,0,NULL,1,0,0,'administrator',1,'$argon2id$v=19$m=19456,t=2,p=1$/QiCmlIhzS7utJq32jq30w$0H8ThoSMU76BCIQeYFAAhp8lkmzGB2OcFyZ8k+osxlk','2026-11-26 14:26:36.904473','2026-11-26 14:26:54.956050','local',NULL,0,0,'2026-11-26 14:26:54.956050',0,NULL,NULL,'ada');
INSERT INTO "users" VALUES('01a21840-901d-7000-9d24-2ba86d558aa7','{"userName": "otto@example.org", "externalId": "000000e1-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "otto@example.org", "primary": true}], "displayName": "Otto Visser", "title": "Head of News"}',2,'2026-11-26 14:26:54.109582','2026-11-26 14:27:06.366174','otto@example.org','otto@example.org','000000e1-1111-2222-3333-444444444444','Otto Visser','otto visser','otto@example.org','otto@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,'2026-11-26 14:27:02.697394','microsoft','000000e1-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'otto@exarnple.org');
INSERT INTO "users" VALUES('01a21840-9037-7000-bc41-01fbdee63de7','{"userName": "jane@example.org", "externalId": "0000aaaa-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "jane@example.org", "primary": true}], "name": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}, "displayName": "Jane Bakker", "preferredLanguage": "nl-NL", "phoneNumbers": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}], "addresses": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a21840-901d-7000-9d24-2ba86d558aa7"}}}',1,'2026-11-26 14:26:54.135589','2026-11-26 14:26:54.135589','jane@example.org','jane@example.org','0000aaaa-1111-2222-3333-444444444444','Jane Bakker','jane bakker','jane@example.org','jane@example.org',0,'01a21840-901d-7000-9d24-2ba86d558aa7',1,1,0,'user',0,NULL,NULL,'2026-11-26 14:27:02.608134','microsoft','0000aaaa-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'jane@exarnple.org');
INSERT INTO "users" VALUES('01a21840-9049-7000-a4d6-fadcd5224a90','{"userName": "maria@example.org", "externalId": "000000b2-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "maria@example.org", "primary": true}], "displayName": "Maria N\u00fa\u00f1ez"}',1,'2026-11-26 14:26:54.153061','2026-11-26 14:26:54.153061','maria@example.org','maria@example.org','000000b2-1111-2222-3333-444444444444','Maria Núñez','maria núñez','maria@example.org','maria@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b2-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'rnarla@exarnple.org');
INSERT INTO "users" VALUES('01a21840-9057-7000-b380-2e7067ec0143','{"userName": "zo\u00eb@example.org", "externalId": "zoe", "active": true, "emails": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}], "displayName": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}',1,'2026-11-26 14:26:54.167822','2026-11-26 14:26:54.167822','zoë@example.org','zoë@example.org','zoe','Zoë O''Neil; "Z" de Boer','zoë o''neil; "z" de boer','zoe@example.org','zoe@example.org',1,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL,0,NULL,NULL,'zoë@exarnple.org');
INSERT INTO "users" VALUES('01a21840-9068-7000-b630-a60791c93f60','{"userName": "piet@example.org", "externalId": "000000b3-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "piet@example.org", "primary": true}], "displayName": "Piet de Wit"}',1,'2026-11-26 14:26:54.184091','2026-11-26 14:26:54.184091','piet@example.org','piet@example.org','000000b3-1111-2222-3333-444444444444','Piet de Wit','piet de wit','piet@example.org','piet@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,'2026-11-26 14:27:02.768127','microsoft','000000b3-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'plet@exarnple.org');
INSERT INTO "users" VALUES('01a21840-9075-7000-badc-b241015f9a65','{"userName": "kofi@example.org", "externalId": "000000B4-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "kofi@example.org", "primary": true}], "roles": [{"value": "Editor", "display": "Editor", "primary": true}]}',2,'2026-11-26 14:26:54.197819','2026-11-26 14:26:54.426761','kofi@example.org','kofi@example.org','000000B4-1111-2222-3333-444444444444',NULL,'kofi@example.org','kofi@example.org','kofi@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b4-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'kofl@exarnple.org');
INSERT INTO "users" VALUES('01a21840-9087-7000-aab6-57c5d27bff28','{"userName": "nora@example.org", "externalId": "000000b5-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "nora@example.org", "primary": true}], "displayName": "Nora Chief"}',1,'2026-11-26 14:26:54.215228','2026-11-26 14:26:54.215228','nora@example.org','nora@example.org','000000b5-1111-2222-3333-444444444444','Nora Chief','nora chief','nora@example.org','nora@example.org',0,NULL,1,1,0,'administrator',0,NULL,NULL,'2026-11-26 14:27:06.197460','microsoft','000000b5-1111-2222-3333-444444444444',1,0,NULL,1,'000000b5-1111-2222-3333-444444444444',NULL,'nora@exarnple.org');
INSERT INTO "users" VALUES('01a21840-909b-7000-b4ad-3cfddb6e3f6c','{"userName": "\u0430da@example.org", "externalId": "000000b6-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "ada@example.org", "primary": true}], "displayName": "A\u202eda"}',1,'2026-11-26 14:26:54.235748','2026-11-26 14:26:54.235748','аda@example.org','аda@example.org','000000b6-1111-2222-3333-444444444444','Ada','ada','ada@example.org','ada@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b6-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'ada@exarnple.org');
INSERT INTO "users" VALUES('01a21840-90ac-7000-a2cd-d6c060a71b7b','{"userName": "lea@example.org", "externalId": "000000b7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea@example.org", "primary": true}], "nickName": "Lea"}',1,'2026-11-26 14:26:54.252378','2026-11-26 14:26:54.252378','lea@example.org','lea@example.org','000000b7-1111-2222-3333-444444444444',NULL,'lea@example.org','lea@example.org','lea@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'lea@exarnple.org');
INSERT INTO "users" VALUES('01a21840-90b6-7000-afde-f0513207d8c9','{"userName": "lea.de.vries@example.org", "externalId": "000000B7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}], "nickName": "Lea 2"}',1,'2026-11-26 14:26:54.262666','2026-11-26 14:26:54.262666','lea.de.vries@example.org','lea.de.vries@example.org','000000B7-1111-2222-3333-444444444444',NULL,'lea.de.vries@example.org','lea.de.vries@example.org','lea.de.vries@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'lea.de.vrles@exarnple.org');
INSERT INTO "users" VALUES('01a21840-90e1-7000-93e3-1353e023854d','{"userName": "wim@example.org", "externalId": "000000b9-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "wim@example.org", "primary": true}], "displayName": "Wim"}',2,'2026-11-26 14:26:54.305967','2026-11-26 14:26:54.443680','wim@example.org','wim@example.org','000000b9-1111-2222-3333-444444444444','Wim','wim','wim@example.org','wim@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b9-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL,'wlrn@exarnple.org');
INSERT INTO "users" VALUES('01a21840-90e8-7000-b8e8-c93e051d57a6','{"userName": "no.object@example.org", "externalId": "someone", "active": true, "emails": [{"type": "work", "value": "no.object@example.org", "primary": true}], "displayName": "No Object"}',1,'2026-11-26 14:26:54.312404','2026-11-26 14:26:54.312404','no.object@example.org','no.object@example.org','someone','No Object','no object','no.object@example.org','no.object@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL,0,NULL,NULL,'no.object@exarnple.org');
INSERT INTO "users" VALUES('01a21840-9184-7000-8ceb-d2b9d29da9e6','{"userName": "linus", "active": true}',1,'2026-11-26 14:26:54.468704','2026-11-26 14:26:54.468704','linus','linus',NULL,NULL,'linus',NULL,NULL,0,NULL,1,0,0,'administrator',0,'$argon2id$v=19$m=19456,t=2,p=1$qRoPlwvrXCNMtzk4CSWucQ$yjcncYaon+BnYbp5LXggNYX8b+BWnA0Kz/8vTYejxNg','2026-11-26 14:26:54.468704','2026-11-26 14:27:13.873140','local',NULL,0,0,'2026-11-26 14:27:13.873140',0,NULL,NULL,'llnus');
INSERT INTO "users" VALUES('01a21840-9188-7000-a4f5-38ab7c8f0781','{"userName": "mallory", "active": true}',1,'2026-11-26 14:26:54.472426','2026-11-26 14:26:54.472426','mallory','mallory',NULL,NULL,'mallory',NULL,NULL,0,NULL,1,0,1,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$qRoPlwvrXCNMtzk4CSWucQ$yjcncYaon+BnYbp5LXggNYX8b+BWnA0Kz/8vTYejxNg','2026-11-26 14:26:54.472426',NULL,NULL,NULL,0,0,NULL,0,NULL,NULL,'rnallory');
INSERT INTO "users" VALUES('01a21840-9194-7000-95d9-e65b15ad336d','{"userName": "grace@elsewhere.example", "active": true}',1,'2026-11-26 14:26:54.484218','2026-11-26 14:26:54.484218','grace@elsewhere.example','grace@elsewhere.example',NULL,NULL,'grace@elsewhere.example',NULL,NULL,0,NULL,1,0,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$qRoPlwvrXCNMtzk4CSWucQ$yjcncYaon+BnYbp5LXggNYX8b+BWnA0Kz/8vTYejxNg','2026-11-26 14:26:54.484218',NULL,NULL,NULL,0,0,NULL,0,NULL,NULL,'grace@elsewhere.exarnple');
INSERT INTO "users" VALUES('01a21840-9197-7000-8467-bdbafc70848d','{"userName": "nadia@example.org", "active": true}',1,'2026-11-26 14:26:54.487880','2026-11-26 14:26:54.487880','nadia@example.org','nadia@example.org',NULL,NULL,'nadia@example.org',NULL,NULL,0,NULL,1,1,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$qRoPlwvrXCNMtzk4CSWucQ$yjcncYaon+BnYbp5LXggNYX8b+BWnA0Kz/8vTYejxNg','2026-11-26 14:26:54.487880','2026-11-26 14:27:06.322960','local',NULL,0,1,'2026-11-26 14:27:06.322960',0,NULL,NULL,'nadla@exarnple.org');
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
CREATE INDEX ix_users_provisioned ON users (is_provisioned, id);
CREATE INDEX ix_users_manager_id ON users (manager_id);
CREATE INDEX ix_users_work_email_key ON users (work_email_key);
CREATE INDEX ix_users_administrators ON users (role) WHERE role = 'administrator';
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
CREATE INDEX ix_sessions_seen_at ON sessions (seen_at);
COMMIT;
