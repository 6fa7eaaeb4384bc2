-- live token: npn_scim_Em6OqL6RzjUZWSlhIK4HwDbEneybPCtDxBMsVz6B9h73I2EvM
-- revoked token: npn_scim_J16pqAILMdgixBWxMEEV5FgDuvzZWpYPXbD8cjj6ARi26tzM1
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
INSERT INTO "blocks" VALUES('01a21847-6394-7000-b340-e8c4453e1d7e','user name','mallory','2026-11-26 14:34:25.891571','command line');
INSERT INTO "blocks" VALUES('01a21847-5fa0-7000-838c-0f489be44519','object ID','000000b3-1111-2222-3333-444444444444','2026-11-26 14:34:37.705653','command line');
INSERT INTO "blocks" VALUES('01a21847-61f8-7000-b877-c539bdef4ab1','user name','no.object@example.org','2026-11-26 14:34:42.975906','command line');
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
INSERT INTO "conflicts" VALUES('01a21847-60bb-7000-8691-8a7a742c7a10','01a21847-607a-7000-bb20-ba219be1b5d2','shared_object_id','000000b7-1111-2222-3333-444444444444','','000000b7-1111-2222-3333-444444444444','2026-11-26 14:34:20.712087','2026-11-26 14:34:20.712087');
INSERT INTO "conflicts" VALUES('01a21847-60c5-7000-ac28-cc70828ffb76','01a21847-605d-7000-a28a-a42b2c609e4b','shared_object_id','000000b7-1111-2222-3333-444444444444','','000000b7-1111-2222-3333-444444444444','2026-11-26 14:34:20.733629','2026-11-26 14:34:20.733629');
INSERT INTO "conflicts" VALUES('01a21847-a9eb-7000-9bb1-4d7a867bb69a','01a21847-5f3d-7000-9483-aa9518aa80fd','link_disagrees','000000e1-1111-2222-3333-444444444444','otto@example.org','000000e1-1111-2222-3333-444444444444','2026-11-26 14:34:39.466695','2026-11-26 14:34:39.543658');
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
INSERT INTO "deleted_people" VALUES('01a21847-6118-7000-99d3-a86f1da89286','tom@example.org','tom@example.org','000000b8-1111-2222-3333-444444444444',NULL,'2026-11-26 14:34:39.697049','Entra ID');
CREATE TABLE emergency_sign_ins (
	id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	user_name VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	address VARCHAR NOT NULL, 
	session_digest BLOB NOT NULL, 
	CONSTRAINT pk_emergency_sign_ins PRIMARY KEY (id)
);
INSERT INTO "emergency_sign_ins" VALUES('01a21847-67f9-7001-972f-bb1c237e746f','01a21847-2b82-7000-9c4d-6c7b6c174fa1','ada','2026-11-26 14:34:22.585898','127.0.0.1',X'D7FE71A992FAF870F7430DE6E51956B819E3BF234B9D99FD21BB4FB8D50CD1BC');
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
INSERT INTO "groups" VALUES('01a21847-620c-7000-abea-09e7ceb54869','{"displayName": "Chief editors", "externalId": "000000c1-1111-2222-3333-444444444444"}',2,'2026-11-26 14:34:21.068693','2026-11-26 14:34:39.215134','Chief editors','chief editors','000000c1-1111-2222-3333-444444444444');
INSERT INTO "groups" VALUES('01a21847-6230-7000-909a-e4ac341ca007','{"displayName": "Readers"}',6,'2026-11-26 14:34:21.103958','2026-11-26 14:34:21.212350','Readers','readers',NULL);
INSERT INTO "groups" VALUES('01a21847-62b1-7000-b140-11266b42e010','{"displayName": "Empty \u2116 1"}',1,'2026-11-26 14:34:21.233841','2026-11-26 14:34:21.233841','Empty № 1','empty no 1',NULL);
CREATE TABLE guesses (
	id VARCHAR(36) NOT NULL, 
	at FLOAT NOT NULL, 
	account VARCHAR, 
	network VARCHAR NOT NULL, 
	browser VARCHAR, 
	CONSTRAINT pk_guesses PRIMARY KEY (id)
);
INSERT INTO "guesses" VALUES('01a21847-66d8-7000-b1bc-8d953632c3bd',1795703662.2963765,NULL,'127.0.0.1',NULL);
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
INSERT INTO "identities" VALUES('01a21847-5f6a-7000-8e63-846399713a7e','11111111-2222-3333-4444-5555aaaabbbb','0000aaaa-1111-2222-3333-444444444444','pairwise','jane@example.org','["Editor"]','2026-11-26 14:34:33.457027','externalId');
INSERT INTO "identities" VALUES('01a21847-5f3d-7000-9483-aa9518aa80fd','11111111-2222-3333-4444-5555aaaabbbb','000000b1-1111-2222-3333-444444444444','pairwise','otto@example.org','[]','2026-11-26 14:34:33.587411','externalId');
INSERT INTO "identities" VALUES('01a21847-5fa0-7000-838c-0f489be44519','11111111-2222-3333-4444-5555aaaabbbb','000000b3-1111-2222-3333-444444444444','pairwise','piet@example.org','[]','2026-11-26 14:34:33.657275','externalId');
INSERT INTO "identities" VALUES('01a21847-5fd6-7000-bd25-e22dce809459','11111111-2222-3333-4444-5555aaaabbbb','000000b5-1111-2222-3333-444444444444','pairwise','nora@example.org','[]','2026-11-26 14:34:39.286555','externalId');
INSERT INTO "identities" VALUES('01a21847-63ab-7000-b69d-bd225573c5c4','11111111-2222-3333-4444-5555aaaabbbb','000000d1-1111-2222-3333-444444444444','pairwise','nadia@example.org','[]','2026-11-26 14:34:39.442986','the person themselves');
INSERT INTO "identities" VALUES('01a21847-63a0-7000-8e31-d9638117e11d','11111111-2222-3333-4444-5555aaaabbbb','000000d2-1111-2222-3333-444444444444','pairwise','grace@example.org','[]','2026-11-26 14:34:39.457322','the person themselves');
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
INSERT INTO "journal" VALUES('01a21847-2b86-7000-8c35-5ad592a6fc88','2026-11-26 14:34:07.110284','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21847-2b82-7000-9c4d-6c7b6c174fa1','ada','[{"attribute": "userName", "new": "ada"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-3fef-7000-aef6-aed0d9cff71b','2026-11-26 14:34:12.335106','audit','token.issued',1,'command line','command line',NULL,NULL,'Token','01a21847-3fed-7000-bf18-fa242c816dbf','npn_scim_Em6O…EvM',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-558f-7000-aab8-729c03a87b24','2026-11-26 14:34:17.871966','audit','token.issued',1,'command line','command line',NULL,NULL,'Token','01a21847-558e-7000-8d8f-029d06abd6b2','npn_scim_J16p…zM1',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-5f48-7000-a892-77fed2aa07e0','2026-11-26 14:34:20.360062','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-5f15-7000-bed7-04aba20c7c21','User','01a21847-5f3d-7000-9483-aa9518aa80fd','otto@example.org','[{"attribute": "userName", "new": "otto@example.org"}, {"attribute": "externalId", "new": "000000b1-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "otto@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Otto Visser"}, {"attribute": "title", "new": "Head of News"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-5f6f-7000-b90b-7f09a99d28d2','2026-11-26 14:34:20.399907','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-5f67-7000-b92a-e0a33646268a','User','01a21847-5f6a-7000-8e63-846399713a7e','jane@example.org','[{"attribute": "userName", "new": "jane@example.org"}, {"attribute": "externalId", "new": "0000aaaa-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "jane@example.org", "primary": true}]}, {"attribute": "name", "new": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}}, {"attribute": "displayName", "new": "Jane Bakker"}, {"attribute": "preferredLanguage", "new": "nl-NL"}, {"attribute": "phoneNumbers", "new": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}]}, {"attribute": "addresses", "new": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}]}, {"attribute": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "new": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a21847-5f3d-7000-9483-aa9518aa80fd"}}}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-5f82-7000-9ff5-d15fec68a8d9','2026-11-26 14:34:20.418521','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-5f7f-7000-8fa8-598dafe4e6c2','User','01a21847-5f81-7000-86d4-cb4a26aa878f','maria@example.org','[{"attribute": "userName", "new": "maria@example.org"}, {"attribute": "externalId", "new": "000000b2-1111-2222-3333-444444444444"}, {"attribute": "active", "new": false}, {"attribute": "emails", "new": [{"type": "work", "value": "maria@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Maria N\u00fa\u00f1ez"}]','{"is_active": false}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-5f92-7000-a993-e3ab038a1830','2026-11-26 14:34:20.434476','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-5f8f-7000-b00e-ff7597d89ded','User','01a21847-5f91-7000-ad37-762dee3107a1','zoë@example.org','[{"attribute": "userName", "new": "zo\u00eb@example.org"}, {"attribute": "externalId", "new": "zoe"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}]}, {"attribute": "displayName", "new": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-5fa1-7000-8fd4-26d1eae190e3','2026-11-26 14:34:20.449630','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-5f9e-7000-9c7d-04cf1622255c','User','01a21847-5fa0-7000-838c-0f489be44519','piet@example.org','[{"attribute": "userName", "new": "piet@example.org"}, {"attribute": "externalId", "new": "000000b3-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "piet@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Piet de Wit"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-5fb6-7000-b190-a21a4b4d418b','2026-11-26 14:34:20.470717','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-5fb1-7000-ba4b-bec227d16b94','User','01a21847-5fb5-7000-8d02-625380db4247','kofi@example.org','[{"attribute": "userName", "new": "kofi@example.org"}, {"attribute": "externalId", "new": "000000B4-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "kofi@example.org", "primary": true}]}, {"attribute": "roles", "new": [{"value": "Editor", "display": "Editor", "primary": true}]}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-5fe1-7000-9932-0c6ae7be2b15','2026-11-26 14:34:20.513550','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-5fcd-7000-bd64-19b554a167ea','User','01a21847-5fd6-7000-bd25-e22dce809459','nora@example.org','[{"attribute": "userName", "new": "nora@example.org"}, {"attribute": "externalId", "new": "000000b5-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "nora@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Nora Chief"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-6033-7000-9502-dc908182240d','2026-11-26 14:34:20.595415','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-6028-7000-8df8-3e2c409150d8','User','01a21847-6032-7000-ab0c-091ae35eca08','аda@example.org','[{"attribute": "userName", "new": "\u0430da@example.org"}, {"attribute": "externalId", "new": "000000b6-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "ada@example.org", "primary": true}]}, {"attribute": "displayName", "new": "A\u202eda"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-605e-7000-85ec-cf25275d7566','2026-11-26 14:34:20.638391','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-605b-7000-aab2-f57d7edd0b85','User','01a21847-605d-7000-a28a-a42b2c609e4b','lea@example.org','[{"attribute": "userName", "new": "lea@example.org"}, {"attribute": "externalId", "new": "000000b7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-607b-7000-823c-c4202add04f9','2026-11-26 14:34:20.667373','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-6071-7000-bfe2-a51748834c71','User','01a21847-607a-7000-bb20-ba219be1b5d2','lea.de.vries@example.org','[{"attribute": "userName", "new": "lea.de.vries@example.org"}, {"attribute": "externalId", "new": "000000B7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea 2"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-60bd-7000-8579-473e2f858cbb','2026-11-26 14:34:20.733321','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a21847-6071-7000-bfe2-a51748834c71','User','01a21847-607a-7000-bb20-ba219be1b5d2','lea.de.vries@example.org',NULL,'{"reason": "shared_object_id", "value": "000000b7-1111-2222-3333-444444444444", "claimant": ""}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-60c5-7001-9585-7aae1c05ad59','2026-11-26 14:34:20.741532','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a21847-6071-7000-bfe2-a51748834c71','User','01a21847-605d-7000-a28a-a42b2c609e4b','lea@example.org',NULL,'{"reason": "shared_object_id", "value": "000000b7-1111-2222-3333-444444444444", "claimant": ""}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-6119-7000-b8b9-5295cf85718b','2026-11-26 14:34:20.825463','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-6112-7000-be97-5cbdfec0423d','User','01a21847-6118-7000-99d3-a86f1da89286','tom@example.org','[{"attribute": "userName", "new": "tom@example.org"}, {"attribute": "externalId", "new": "000000b8-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "tom@example.org", "primary": true}]}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-61c8-7001-aac5-6e0a11f5d544','2026-11-26 14:34:21.000956','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-61c1-7000-880d-01361778a5f5','User','01a21847-61c8-7000-9a44-5f5a40d535d3','wim@example.org','[{"attribute": "userName", "new": "wim@example.org"}, {"attribute": "externalId", "new": "000000b9-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "wim@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Wim"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-61f9-7000-a1e5-0c6e0e3dc989','2026-11-26 14:34:21.049660','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-61f2-7000-b26e-b718167f0d48','User','01a21847-61f8-7000-b877-c539bdef4ab1','no.object@example.org','[{"attribute": "userName", "new": "no.object@example.org"}, {"attribute": "externalId", "new": "someone"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "no.object@example.org", "primary": true}]}, {"attribute": "displayName", "new": "No Object"}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-6215-7000-9ef7-ab7ac1b3067b','2026-11-26 14:34:21.077623','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-6208-7000-81ad-614c21124b03','Group','01a21847-620c-7000-abea-09e7ceb54869','Chief editors','[{"attribute": "displayName", "new": "Chief editors"}, {"attribute": "externalId", "new": "000000c1-1111-2222-3333-444444444444"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-6233-7000-b246-245b519bf1ee','2026-11-26 14:34:21.107355','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-6225-7000-9706-3e63f88b709c','Group','01a21847-6230-7000-909a-e4ac341ca007','Readers','[{"attribute": "displayName", "new": "Readers"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-6261-7000-bc21-d6de0980c154','2026-11-26 14:34:21.153413','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21847-6242-7000-81b7-d6bd74ad9103','Group','01a21847-6230-7000-909a-e4ac341ca007','Readers','[{"attribute": "members", "new": "01a21847-5f6a-7000-8e63-846399713a7e"}]','{"names": ["Jane Bakker"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-6277-7000-b770-26cd44c6ce87','2026-11-26 14:34:21.175938','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21847-626d-7000-8221-6fff26a668b3','Group','01a21847-6230-7000-909a-e4ac341ca007','Readers','[{"attribute": "members", "new": "01a21847-5f3d-7000-9483-aa9518aa80fd"}]','{"names": ["Otto Visser"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-6286-7000-b875-2d9a121c1728','2026-11-26 14:34:21.190665','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21847-6283-7000-97e3-783c81cb10fb','Group','01a21847-6230-7000-909a-e4ac341ca007','Readers','[{"attribute": "members", "new": "01a21847-5f91-7000-ad37-762dee3107a1"}]','{"names": ["Zo\u00eb O''Neil; \"Z\" de Boer"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-629c-7000-a84f-f67140c2b218','2026-11-26 14:34:21.212785','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21847-6295-7000-8a5c-429cbec6f871','Group','01a21847-6230-7000-909a-e4ac341ca007','Readers','[{"attribute": "members", "new": "01a21847-6118-7000-99d3-a86f1da89286"}]','{"names": ["tom@example.org"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-62b2-7000-a673-a2b68784d4ce','2026-11-26 14:34:21.234475','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-62af-7000-93d8-cfd560a25100','Group','01a21847-62b1-7000-b140-11266b42e010','Empty № 1','[{"attribute": "displayName", "new": "Empty \u2116 1"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-62c0-7000-af10-914b7f485ffa','2026-11-26 14:34:21.248092','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a21847-62bd-7000-a1a3-2465b38575ad','Group','01a21847-62bf-7000-8cae-838f185cf000','Gone','[{"attribute": "displayName", "new": "Gone"}]',NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-62d6-7000-b48f-705a714f6795','2026-11-26 14:34:21.270686','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21847-62d3-7000-bdf5-60bdd9cf9d39','Group','01a21847-62bf-7000-8cae-838f185cf000','Gone','[{"attribute": "members", "new": "01a21847-5f6a-7000-8e63-846399713a7e"}]','{"names": ["Jane Bakker"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-62ee-7000-82b2-1dc245931d22','2026-11-26 14:34:21.294072','provisioning','group.deleted',1,'SCIM','Entra ID','127.0.0.1','01a21847-62e5-7000-a53c-539ad34c8f79','Group','01a21847-62bf-7000-8cae-838f185cf000','Gone',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-631c-7000-88d0-6872c1c40027','2026-11-26 14:34:21.340976','provisioning','person.disabled',1,'SCIM','Entra ID','127.0.0.1','01a21847-62fe-7000-ad6c-eb2b3e46c6f5','User','01a21847-5fb5-7000-8d02-625380db4247','kofi@example.org','[{"attribute": "active", "old": true, "new": false}]','{"attributes": ["active"], "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-6349-7000-a857-395168cc0264','2026-11-26 14:34:21.385484','provisioning','person.disabled',1,'SCIM','Entra ID','127.0.0.1','01a21847-633a-7000-b46a-48fe9e4b2ddd','User','01a21847-61c8-7000-9a44-5f5a40d535d3','wim@example.org','[{"attribute": "active", "old": true, "new": false}]','{"attributes": ["active"], "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-6379-7000-a153-96c821b2c5fe','2026-11-26 14:34:21.433558','provisioning','token.refused',0,'SCIM','','127.0.0.1',NULL,NULL,NULL,NULL,NULL,'{"reason": "This is only part of a token (17 of 58 characters)."}','2026-11-26T14:30/token.refused/085f621087474d34c3e784135228b1c7',1,'2026-11-26 14:34:21.433558');
INSERT INTO "journal" VALUES('01a21847-6389-7000-8442-95a49f67e617','2026-11-26 14:34:21.449319','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21847-6388-7000-a10f-3b966fdbb278','linus','[{"attribute": "userName", "new": "linus"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-6395-7000-92ba-92f616b7bfce','2026-11-26 14:34:21.461250','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21847-6394-7000-b340-e8c4453e1d7e','mallory','[{"attribute": "userName", "new": "mallory"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-63a1-7000-bd1d-a724f259b8d9','2026-11-26 14:34:21.473056','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21847-63a0-7000-8e31-d9638117e11d','grace@elsewhere.example','[{"attribute": "userName", "new": "grace@elsewhere.example"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-63ab-7001-ba6e-9e6bf943ca59','2026-11-26 14:34:21.483834','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a21847-63ab-7000-b69d-bd225573c5c4','nadia@example.org','[{"attribute": "userName", "new": "nadia@example.org"}, {"attribute": "active", "new": true}]','{"is_active": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-663c-7000-8273-715c5193b76c','2026-11-26 14:34:22.140746','audit','sign_in.local',1,'person','linus','127.0.0.1',NULL,'User','01a21847-6388-7000-a10f-3b966fdbb278','linus',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-6758-7000-a321-1429213cad3e','2026-11-26 14:34:22.424948','audit','sign_in.failed',0,'visitor','','127.0.0.1',NULL,'User','01a21847-6388-7000-a10f-3b966fdbb278','linus',NULL,NULL,'2026-11-26T14:30/sign_in.failed/7c876105936dccdc1fea0549657a7c9f',1,'2026-11-26 14:34:22.424948');
INSERT INTO "journal" VALUES('01a21847-67f9-7000-986d-9c6c9e52a88e','2026-11-26 14:34:22.585632','audit','sign_in.emergency',1,'person','ada','127.0.0.1',NULL,'User','01a21847-2b82-7000-9c4d-6c7b6c174fa1','ada',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-74e5-7000-997c-94c0a091468f','2026-11-26 14:34:25.893156','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a21847-6394-7000-b340-e8c4453e1d7e','mallory',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-9229-7000-aa51-5afa14fc3d5f','2026-11-26 14:34:33.385493','audit','settings.changed',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID','[{"attribute": "tenant_id", "new": "11111111-2222-3333-4444-5555aaaabbbb"}, {"attribute": "client_id", "new": "66666666-7777-8888-9999-aaaaaaaaaaaa"}, {"attribute": "secret", "new": "changed"}]','{"part": "connection", "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-922b-7000-bd8f-03065dea28ea','2026-11-26 14:34:33.387533','audit','sign_in.tested',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-9272-7000-8894-f282e7a9ebb4','2026-11-26 14:34:33.458611','audit','microsoft.linked',1,'Microsoft account','jane@example.org (0000aaaa-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a21847-5f6a-7000-8e63-846399713a7e','jane@example.org',NULL,'{"account": "jane@example.org", "object_id": "0000aaaa-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-9282-7000-a11b-eb5f702a01f7','2026-11-26 14:34:33.474721','audit','sign_in.microsoft',1,'person','jane@example.org','127.0.0.1',NULL,'User','01a21847-5f6a-7000-8e63-846399713a7e','jane@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-92f3-7000-a0b5-73c5f12726af','2026-11-26 14:34:33.587925','audit','microsoft.linked',1,'Microsoft account','otto@example.org (000000b1-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a21847-5f3d-7000-9483-aa9518aa80fd','otto@example.org',NULL,'{"account": "otto@example.org", "object_id": "000000b1-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-92f9-7000-84b1-66e1d11b0939','2026-11-26 14:34:33.593232','audit','sign_in.microsoft',1,'person','otto@example.org','127.0.0.1',NULL,'User','01a21847-5f3d-7000-9483-aa9518aa80fd','otto@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-9339-7000-a5df-68e2e57a6031','2026-11-26 14:34:33.657961','audit','microsoft.linked',1,'Microsoft account','piet@example.org (000000b3-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a21847-5fa0-7000-838c-0f489be44519','piet@example.org',NULL,'{"account": "piet@example.org", "object_id": "000000b3-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-9365-7000-beac-9eb3f5d3e3fa','2026-11-26 14:34:33.701153','audit','sign_in.microsoft',1,'person','piet@example.org','127.0.0.1',NULL,'User','01a21847-5fa0-7000-838c-0f489be44519','piet@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-a30f-7000-8472-ce7f0d8a2b01','2026-11-26 14:34:37.711169','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a21847-5fa0-7000-838c-0f489be44519','piet@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-a8d5-7000-9663-4103c9daa43d','2026-11-26 14:34:39.189799','audit','role_mapping.added',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings',NULL,'{"app_role": null, "group": "Chief editors"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-a8e4-7000-b7e0-e5a625f2c31f','2026-11-26 14:34:39.204189','audit','role_mapping.added',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings',NULL,'{"app_role": "Netpresenter.Admin", "group": null}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-a8ef-7000-9c12-88ef05842d14','2026-11-26 14:34:39.215452','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a21847-a8ec-7000-888f-7963faa6179c','Group','01a21847-620c-7000-abea-09e7ceb54869','Chief editors','[{"attribute": "members", "new": "01a21847-5fd6-7000-bd25-e22dce809459"}]','{"names": ["Nora Chief"], "number": 1}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-a8fa-7000-9f74-c332df8a06a2','2026-11-26 14:34:39.226144','provisioning','role.changed',1,'SCIM','Entra ID','127.0.0.1','01a21847-a8ec-7000-888f-7963faa6179c','User','01a21847-5fd6-7000-bd25-e22dce809459','nora@example.org','[{"attribute": "role", "old": "user", "new": "administrator"}]','{"role": "administrator", "is_mapped": true}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-a937-7000-b878-b770cd48b8a2','2026-11-26 14:34:39.287228','audit','microsoft.linked',1,'Microsoft account','nora@example.org (000000b5-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a21847-5fd6-7000-bd25-e22dce809459','nora@example.org',NULL,'{"account": "nora@example.org", "object_id": "000000b5-1111-2222-3333-444444444444", "rule": "externalId"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-a942-7000-880f-d4676d993ecd','2026-11-26 14:34:39.298462','audit','sign_in.microsoft',1,'person','nora@example.org','127.0.0.1',NULL,'User','01a21847-5fd6-7000-bd25-e22dce809459','nora@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-a9c5-7000-a5cb-f70c6e449d06','2026-11-26 14:34:39.429052','audit','sign_in.local',1,'person','nadia@example.org','127.0.0.1',NULL,'User','01a21847-63ab-7000-b69d-bd225573c5c4','nadia@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-a9d3-7000-be11-e916a289e373','2026-11-26 14:34:39.443593','audit','microsoft.linked',1,'command line','command line',NULL,NULL,'User','01a21847-63ab-7000-b69d-bd225573c5c4','nadia@example.org',NULL,'{"account": "nadia@example.org", "object_id": "000000d1-1111-2222-3333-444444444444", "rule": "the person themselves"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-a9d8-7000-91ea-f551b90e5b63','2026-11-26 14:34:39.448269','audit','claimable.set',1,'command line','command line',NULL,NULL,'User','01a21847-63ab-7000-b69d-bd225573c5c4','nadia@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-a9e1-7000-b8d0-63931a690418','2026-11-26 14:34:39.457792','audit','microsoft.linked',1,'command line','command line',NULL,NULL,'User','01a21847-63a0-7000-8e31-d9638117e11d','grace@elsewhere.example',NULL,'{"account": "grace@example.org", "object_id": "000000d2-1111-2222-3333-444444444444", "rule": "the person themselves"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-a9e9-7000-8717-cfdba1976556','2026-11-26 14:34:39.465393','provisioning','person.changed',1,'SCIM','Entra ID','127.0.0.1','01a21847-a9e7-7000-9080-d2d6ff153354','User','01a21847-5f3d-7000-9483-aa9518aa80fd','otto@example.org','[{"attribute": "externalId", "old": "000000b1-1111-2222-3333-444444444444", "new": "000000e1-1111-2222-3333-444444444444"}]','{"attributes": ["externalId"], "sessions_ended": 0}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-a9e9-7001-84a5-fbcc55a84433','2026-11-26 14:34:39.465605','provisioning','external_id.changed',1,'SCIM','Entra ID','127.0.0.1','01a21847-a9e7-7000-9080-d2d6ff153354','User','01a21847-5f3d-7000-9483-aa9518aa80fd','otto@example.org',NULL,'{"old": "000000b1-1111-2222-3333-444444444444", "new": "000000e1-1111-2222-3333-444444444444"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-a9eb-7001-8f46-0065bb7a6a05','2026-11-26 14:34:39.467691','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a21847-a9e7-7000-9080-d2d6ff153354','User','01a21847-5f3d-7000-9483-aa9518aa80fd','otto@example.org',NULL,'{"reason": "link_disagrees", "value": "000000e1-1111-2222-3333-444444444444", "claimant": "otto@example.org"}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-aa0b-7000-a5e7-9a0547548016','2026-11-26 14:34:39.499243','audit','microsoft.sign_in_refused',0,'Microsoft account','otto@example.org (000000b1-1111-2222-3333-444444444444)','127.0.0.1','TU5H-H4MJ','User','01a21847-5f3d-7000-9483-aa9518aa80fd','otto@example.org',NULL,'{"reason": "link_disagrees", "account": "otto@example.org", "object_id": "000000b1-1111-2222-3333-444444444444", "external_id": "000000e1-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:30/microsoft.sign_in_refused/cf09f22367f9ed9698574e25de62037e',1,'2026-11-26 14:34:39.499243');
INSERT INTO "journal" VALUES('01a21847-aa39-7000-b900-076f5cf82a86','2026-11-26 14:34:39.545140','audit','microsoft.sign_in_refused',0,'Microsoft account','otto@example.org (000000e1-1111-2222-3333-444444444444)','127.0.0.1','35Q5-RC5O','User','01a21847-5f3d-7000-9483-aa9518aa80fd','otto@example.org',NULL,'{"reason": "link_disagrees", "account": "otto@example.org", "object_id": "000000e1-1111-2222-3333-444444444444", "external_id": "000000e1-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:30/microsoft.sign_in_refused/f5d32456fdec0dd2dad1b07a46ff8b50',1,'2026-11-26 14:34:39.545140');
INSERT INTO "journal" VALUES('01a21847-aa5a-7000-bbc8-70f2ead32c0d','2026-11-26 14:34:39.578437','audit','microsoft.sign_in_refused',0,'Microsoft account','lea@example.org (000000b7-1111-2222-3333-444444444444)','127.0.0.1','U6C2-D27C','User','01a21847-605d-7000-a28a-a42b2c609e4b','lea@example.org',NULL,'{"reason": "shared_object_id", "account": "lea@example.org", "object_id": "000000b7-1111-2222-3333-444444444444", "external_id": "000000b7-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:30/microsoft.sign_in_refused/c1a42532bd012e5ba69066b80c1127fa',1,'2026-11-26 14:34:39.578437');
INSERT INTO "journal" VALUES('01a21847-aa89-7000-8528-81f7ec4a270e','2026-11-26 14:34:39.625996','audit','microsoft.sign_in_refused',0,'Microsoft account','stranger@example.org (000000ee-1111-2222-3333-444444444444)','127.0.0.1','SOZB-CYCP',NULL,NULL,NULL,NULL,'{"reason": "no_account", "account": "stranger@example.org", "object_id": "000000ee-1111-2222-3333-444444444444", "external_id": null, "more": ""}','2026-11-26T14:30/microsoft.sign_in_refused/0d17927361df5cdb175e042dac1feada',1,'2026-11-26 14:34:39.625996');
INSERT INTO "journal" VALUES('01a21847-aac8-7000-9913-d4e450387eae','2026-11-26 14:34:39.688633','audit','microsoft.sign_in_refused',0,'Microsoft account','maria@example.org (000000b2-1111-2222-3333-444444444444)','127.0.0.1','PFAJ-3YSK','User','01a21847-5f81-7000-86d4-cb4a26aa878f','maria@example.org',NULL,'{"reason": "disabled", "account": "maria@example.org", "object_id": "000000b2-1111-2222-3333-444444444444", "external_id": "000000b2-1111-2222-3333-444444444444", "more": ""}','2026-11-26T14:30/microsoft.sign_in_refused/7425082906168e8422fa77faa52bca3b',1,'2026-11-26 14:34:39.688633');
INSERT INTO "journal" VALUES('01a21847-aad7-7000-bec6-e628cafd8f85','2026-11-26 14:34:39.703789','provisioning','person.deleted',1,'SCIM','Entra ID','127.0.0.1','01a21847-aacd-7000-9f84-cb0b8f37644e','User','01a21847-6118-7000-99d3-a86f1da89286','tom@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-b7a1-7000-bf0d-af31b7aed2ca','2026-11-26 14:34:42.977335','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a21847-61f8-7000-b877-c539bdef4ab1','no.object@example.org',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-cdb2-7000-8521-fa64261007b3','2026-11-26 14:34:48.626319','audit','role.changed',1,'command line','command line',NULL,NULL,'User','01a21847-6388-7000-a10f-3b966fdbb278','linus','[{"attribute": "role", "old": "user", "new": "administrator"}]','{"role": "administrator", "is_mapped": false}',NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-d4c2-7000-afd6-46609b1a2f28','2026-11-26 14:34:50.434236','audit','sign_in.local',1,'person','linus','127.0.0.1',NULL,'User','01a21847-6388-7000-a10f-3b966fdbb278','linus',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-e58c-7000-b945-a649057eef02','2026-11-26 14:34:54.732756','audit','token.revoked',1,'command line','command line',NULL,NULL,'Token','01a21847-558e-7000-8d8f-029d06abd6b2','npn_scim_J16p…zM1',NULL,NULL,NULL,1,NULL);
INSERT INTO "journal" VALUES('01a21847-e99c-7000-8545-4ff734d2a8af','2026-11-26 14:34:55.772835','provisioning','token.refused',0,'SCIM','','127.0.0.1',NULL,NULL,NULL,NULL,NULL,'{"reason": "The token is revoked, or of another installation."}','2026-11-26T14:30/token.refused/afc64b36994e60ba39c79d34b16e5132',1,'2026-11-26 14:34:55.772835');
INSERT INTO "journal" VALUES('01a21847-ffd7-7000-9864-f3e61ce55dd7','2026-11-26 14:35:01.463677','audit','account.unlocked',1,'command line','command line',NULL,NULL,'User','01a21847-63a0-7000-8e31-d9638117e11d','grace@elsewhere.example',NULL,NULL,NULL,1,NULL);
CREATE TABLE memberships (
	group_id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (group_id, user_id), 
	CONSTRAINT fk_memberships_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "memberships" VALUES('01a21847-6230-7000-909a-e4ac341ca007','01a21847-5f3d-7000-9483-aa9518aa80fd');
INSERT INTO "memberships" VALUES('01a21847-6230-7000-909a-e4ac341ca007','01a21847-5f6a-7000-8e63-846399713a7e');
INSERT INTO "memberships" VALUES('01a21847-6230-7000-909a-e4ac341ca007','01a21847-5f91-7000-ad37-762dee3107a1');
INSERT INTO "memberships" VALUES('01a21847-620c-7000-abea-09e7ceb54869','01a21847-5fd6-7000-bd25-e22dce809459');
CREATE TABLE role_mappings (
	id VARCHAR(36) NOT NULL, 
	app_role VARCHAR, 
	group_id VARCHAR(36), 
	CONSTRAINT pk_role_mappings PRIMARY KEY (id), 
	CONSTRAINT fk_role_mappings_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT uq_role_mappings_app_role UNIQUE (app_role), 
	CONSTRAINT uq_role_mappings_group_id UNIQUE (group_id)
);
INSERT INTO "role_mappings" VALUES('01a21847-a8d4-7000-8c8f-2397f89b8211',NULL,'01a21847-620c-7000-abea-09e7ceb54869');
INSERT INTO "role_mappings" VALUES('01a21847-a8e3-7000-83a4-6733dd2b2707','Netpresenter.Admin',NULL);
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
INSERT INTO "scim_tokens" VALUES('01a21847-3fed-7000-bf18-fa242c816dbf',X'FB19285B3E3715D1D1F845DDB94DFD69B1531EC8D6E0F34304A68A29CD1A33E5','npn_scim_Em6O…EvM','Entra ID','6Gq_8zvRQ_OjyWSPSb90cGRm5jGeEwqCg69AXTsxef0','2026-11-26 14:34:12.333641','command line','2026-11-26 14:34:20.310700','127.0.0.1',NULL);
INSERT INTO "scim_tokens" VALUES('01a21847-558e-7000-8d8f-029d06abd6b2',X'F572460609983E45C695513A6C0379A5201C77B3A17531BA1C6374F16564EAB2','npn_scim_J16p…zM1','Old one','bdkjDqZyRUePxN95vn2GUYS3EllG-LX0At8IO9NHT7I','2026-11-26 14:34:17.870525','command line',NULL,NULL,'2026-11-26 14:34:54.730772');
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
INSERT INTO "sessions" VALUES(X'D7FE71A992FAF870F7430DE6E51956B819E3BF234B9D99FD21BB4FB8D50CD1BC','01a21847-2b82-7000-9c4d-6c7b6c174fa1','local','2026-11-26 14:34:22.584272','2026-11-26 14:34:22.584272','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:34:22.581323',NULL,NULL);
INSERT INTO "sessions" VALUES(X'C5E95DDF232FE402822E6836F46AFD93F4FD5A0AA240D160580C05A369869699','01a21847-5f6a-7000-8e63-846399713a7e','microsoft','2026-11-26 14:34:33.472610','2026-11-26 14:34:33.472610','127.0.0.1','Werkzeug/3.1.9','1970-01-01 00:00:00.000000','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'4334D4EB30A3E0D8A6C390F012A5D8F09EE728CE263E77040BA851823C15A5D5','01a21847-5fd6-7000-bd25-e22dce809459','microsoft','2026-11-26 14:34:39.297094','2026-11-26 14:34:39.297094','127.0.0.1','Werkzeug/3.1.9','1970-01-01 00:00:00.000000','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'89CE1A16F49A48AC24CEEA0F51FFCBF31F4C6E5049848D966EBF0C64F9355045','01a21847-63ab-7000-b69d-bd225573c5c4','local','2026-11-26 14:34:39.427559','2026-11-26 14:34:39.427559','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:34:39.424526',NULL,NULL);
INSERT INTO "sessions" VALUES(X'2000960480CFF5E87D70B1F6693344ACA03AC63D409B45D3BAF750FB9A5D690D','01a21847-6388-7000-a10f-3b966fdbb278','local','2026-11-26 14:34:50.421451','2026-11-26 14:34:50.421451','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:34:50.419203',NULL,NULL);
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
INSERT INTO "sign_in_settings" VALUES(1,2,NULL,'11111111-2222-3333-4444-5555aaaabbbb','66666666-7777-8888-9999-aaaaaaaaaaaa',X'674141414141427243454E356C4B67544B6C644B543233523865525F7044544D4D63715F746D3767426267394357565F626E452D5F4E4859314861684A4F62545836735466736A7A3764413377755A5871687248387675317047454378395250516B514F5A6D5370396C463937444256766771454832413D',NULL,NULL,'00c00a86590d45ff6294ce5ac7fef0f9bbeeb7b32f497441106adbbee11ef07c','2026-11-26 14:34:33.386524','command line',NULL,NULL,NULL,0,0,0,480,168);
CREATE TABLE unlocks (
	user_id VARCHAR(36) NOT NULL, 
	digest BLOB NOT NULL, 
	unlocked_at DATETIME NOT NULL, 
	CONSTRAINT pk_unlocks PRIMARY KEY (user_id), 
	CONSTRAINT fk_unlocks_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_unlocks_digest UNIQUE (digest)
);
INSERT INTO "unlocks" VALUES('01a21847-63a0-7000-8e31-d9638117e11d',X'40859490653EA653BFFBEEE7B71D9FA61D759EBC675D74F5FED313FA596F4A27','2026-11-26 14:35:01.453307');
CREATE TABLE unstored_attributes (
	resource_type VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	last_at DATETIME NOT NULL, 
	CONSTRAINT pk_unstored_attributes PRIMARY KEY (resource_type, name)
);
INSERT INTO "unstored_attributes" VALUES('User','shoeSize','2026-11-26 14:34:21.382620');
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
INSERT INTO "users" VALUES('01a21847-2b82-7000-9c4d-6c7b6c174fa1','{"userName": "ada", "active": true}',1,'2026-11-26 14:34:07.106079','2026-11-26 14:34:07.106079','ada','ada',NULL,NULL,'ada',NULL,NULL,0,NULL,1,0,0,'administrator',1,'$argon2id$v=19$m=19456,t=2,p=1$3UgdS04xjyWDMB1w8KyLRg$thrv/uvMRWu84wrCV/4C2DY/xBF+foZ8h748PChmwrI','2026-11-26 14:34:07.106079','2026-11-26 14:34:22.585066','local',NULL,0,0,'2026-11-26 14:34:22.585066',0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-5f3d-7000-9483-aa9518aa80fd','{"userName": "otto@example.org", "externalId": "000000e1-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "otto@example.org", "primary": true}], "displayName": "Otto Visser", "title": "Head of News"}',2,'2026-11-26 14:34:20.349540','2026-11-26 14:34:39.464942','otto@example.org','otto@example.org','000000e1-1111-2222-3333-444444444444','Otto Visser','otto visser','otto@example.org','otto@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,'2026-11-26 14:34:33.592789','microsoft','000000e1-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-5f6a-7000-8e63-846399713a7e','{"userName": "jane@example.org", "externalId": "0000aaaa-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "jane@example.org", "primary": true}], "name": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}, "displayName": "Jane Bakker", "preferredLanguage": "nl-NL", "phoneNumbers": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}], "addresses": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a21847-5f3d-7000-9483-aa9518aa80fd"}}}',1,'2026-11-26 14:34:20.394685','2026-11-26 14:34:20.394685','jane@example.org','jane@example.org','0000aaaa-1111-2222-3333-444444444444','Jane Bakker','jane bakker','jane@example.org','jane@example.org',0,'01a21847-5f3d-7000-9483-aa9518aa80fd',1,1,0,'user',0,NULL,NULL,'2026-11-26 14:34:33.473478','microsoft','0000aaaa-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-5f81-7000-86d4-cb4a26aa878f','{"userName": "maria@example.org", "externalId": "000000b2-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "maria@example.org", "primary": true}], "displayName": "Maria N\u00fa\u00f1ez"}',1,'2026-11-26 14:34:20.417840','2026-11-26 14:34:20.417840','maria@example.org','maria@example.org','000000b2-1111-2222-3333-444444444444','Maria Núñez','maria núñez','maria@example.org','maria@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b2-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-5f91-7000-ad37-762dee3107a1','{"userName": "zo\u00eb@example.org", "externalId": "zoe", "active": true, "emails": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}], "displayName": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}',1,'2026-11-26 14:34:20.433782','2026-11-26 14:34:20.433782','zoë@example.org','zoë@example.org','zoe','Zoë O''Neil; "Z" de Boer','zoë o''neil; "z" de boer','zoe@example.org','zoe@example.org',1,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-5fa0-7000-838c-0f489be44519','{"userName": "piet@example.org", "externalId": "000000b3-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "piet@example.org", "primary": true}], "displayName": "Piet de Wit"}',1,'2026-11-26 14:34:20.448925','2026-11-26 14:34:20.448925','piet@example.org','piet@example.org','000000b3-1111-2222-3333-444444444444','Piet de Wit','piet de wit','piet@example.org','piet@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,'2026-11-26 14:34:33.700392','microsoft','000000b3-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-5fb5-7000-8d02-625380db4247','{"userName": "kofi@example.org", "externalId": "000000B4-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "kofi@example.org", "primary": true}], "roles": [{"value": "Editor", "display": "Editor", "primary": true}]}',2,'2026-11-26 14:34:20.469939','2026-11-26 14:34:21.325389','kofi@example.org','kofi@example.org','000000B4-1111-2222-3333-444444444444',NULL,'kofi@example.org','kofi@example.org','kofi@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b4-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-5fd6-7000-bd25-e22dce809459','{"userName": "nora@example.org", "externalId": "000000b5-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "nora@example.org", "primary": true}], "displayName": "Nora Chief"}',1,'2026-11-26 14:34:20.502415','2026-11-26 14:34:20.502415','nora@example.org','nora@example.org','000000b5-1111-2222-3333-444444444444','Nora Chief','nora chief','nora@example.org','nora@example.org',0,NULL,1,1,0,'administrator',0,NULL,NULL,'2026-11-26 14:34:39.297952','microsoft','000000b5-1111-2222-3333-444444444444',1,0,NULL,1,'000000b5-1111-2222-3333-444444444444',NULL);
INSERT INTO "users" VALUES('01a21847-6032-7000-ab0c-091ae35eca08','{"userName": "\u0430da@example.org", "externalId": "000000b6-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "ada@example.org", "primary": true}], "displayName": "A\u202eda"}',1,'2026-11-26 14:34:20.594517','2026-11-26 14:34:20.594517','аda@example.org','аda@example.org','000000b6-1111-2222-3333-444444444444','Ada','ada','ada@example.org','ada@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b6-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-605d-7000-a28a-a42b2c609e4b','{"userName": "lea@example.org", "externalId": "000000b7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea@example.org", "primary": true}], "nickName": "Lea"}',1,'2026-11-26 14:34:20.637605','2026-11-26 14:34:20.637605','lea@example.org','lea@example.org','000000b7-1111-2222-3333-444444444444',NULL,'lea@example.org','lea@example.org','lea@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-607a-7000-bb20-ba219be1b5d2','{"userName": "lea.de.vries@example.org", "externalId": "000000B7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}], "nickName": "Lea 2"}',1,'2026-11-26 14:34:20.666524','2026-11-26 14:34:20.666524','lea.de.vries@example.org','lea.de.vries@example.org','000000B7-1111-2222-3333-444444444444',NULL,'lea.de.vries@example.org','lea.de.vries@example.org','lea.de.vries@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-61c8-7000-9a44-5f5a40d535d3','{"userName": "wim@example.org", "externalId": "000000b9-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "wim@example.org", "primary": true}], "displayName": "Wim"}',2,'2026-11-26 14:34:21.000163','2026-11-26 14:34:21.384387','wim@example.org','wim@example.org','000000b9-1111-2222-3333-444444444444','Wim','wim','wim@example.org','wim@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b9-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-61f8-7000-b877-c539bdef4ab1','{"userName": "no.object@example.org", "externalId": "someone", "active": true, "emails": [{"type": "work", "value": "no.object@example.org", "primary": true}], "displayName": "No Object"}',1,'2026-11-26 14:34:21.048936','2026-11-26 14:34:21.048936','no.object@example.org','no.object@example.org','someone','No Object','no object','no.object@example.org','no.object@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-6388-7000-a10f-3b966fdbb278','{"userName": "linus", "active": true}',1,'2026-11-26 14:34:21.448745','2026-11-26 14:34:21.448745','linus','linus',NULL,NULL,'linus',NULL,NULL,0,NULL,1,0,0,'administrator',0,'$argon2id$v=19$m=19456,t=2,p=1$hAQ9g1LoMPMJI4DX1DJHhA$YRH6OtewyQGeRnHQmLEphDEPB7wYUZemoHkG8a+c4Z0','2026-11-26 14:34:21.448745','2026-11-26 14:34:50.422319','local',NULL,0,0,'2026-11-26 14:34:50.422319',0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-6394-7000-b340-e8c4453e1d7e','{"userName": "mallory", "active": true}',1,'2026-11-26 14:34:21.460476','2026-11-26 14:34:21.460476','mallory','mallory',NULL,NULL,'mallory',NULL,NULL,0,NULL,1,0,1,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$hAQ9g1LoMPMJI4DX1DJHhA$YRH6OtewyQGeRnHQmLEphDEPB7wYUZemoHkG8a+c4Z0','2026-11-26 14:34:21.460476',NULL,NULL,NULL,0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-63a0-7000-8e31-d9638117e11d','{"userName": "grace@elsewhere.example", "active": true}',1,'2026-11-26 14:34:21.472389','2026-11-26 14:34:21.472389','grace@elsewhere.example','grace@elsewhere.example',NULL,NULL,'grace@elsewhere.example',NULL,NULL,0,NULL,1,0,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$hAQ9g1LoMPMJI4DX1DJHhA$YRH6OtewyQGeRnHQmLEphDEPB7wYUZemoHkG8a+c4Z0','2026-11-26 14:34:21.472389',NULL,NULL,NULL,0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a21847-63ab-7000-b69d-bd225573c5c4','{"userName": "nadia@example.org", "active": true}',1,'2026-11-26 14:34:21.483133','2026-11-26 14:34:21.483133','nadia@example.org','nadia@example.org',NULL,NULL,'nadia@example.org',NULL,NULL,0,NULL,1,1,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$hAQ9g1LoMPMJI4DX1DJHhA$YRH6OtewyQGeRnHQmLEphDEPB7wYUZemoHkG8a+c4Z0','2026-11-26 14:34:21.483133','2026-11-26 14:34:39.428440','local',NULL,0,1,'2026-11-26 14:34:39.428440',0,NULL,NULL);
CREATE INDEX ix_groups_external_id ON groups (external_id);
CREATE INDEX ix_memberships_user_id ON memberships (user_id, group_id);
CREATE INDEX ix_sessions_user_id ON sessions (user_id);
CREATE INDEX ix_sessions_oidc_session ON sessions (oidc_session);
CREATE INDEX ix_journal_log_at ON journal (log, at);
CREATE INDEX ix_journal_target_id ON journal (target_id);
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
CREATE INDEX ix_users_work_email_key ON users (work_email_key);
CREATE INDEX ix_users_administrators ON users (role) WHERE role = 'administrator';
CREATE INDEX ix_users_shown_name_key ON users (shown_name_key);
CREATE INDEX ix_users_manager_id ON users (manager_id);
CREATE INDEX ix_users_has_more_work_emails ON users (has_more_work_emails) WHERE has_more_work_emails = 1;
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
