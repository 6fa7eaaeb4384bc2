-- live token: npn_scim_ehH04e49yZfvvu11w1Klhu0N7ZF8Y0MoYjZPhU6W8Ia45eZYF
-- revoked token: npn_scim_cEcG77MM9TlS13wCzsXuXKHMGT8B9B4yneUuFZA1Y9q3lHCHo
PRAGMA application_id = 1313885745;
PRAGMA user_version = 0;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
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
INSERT INTO "groups" VALUES('01a2183c-bf11-7000-9757-bbf0a5d4f27c','{"displayName": "Chief editors", "externalId": "000000c1-1111-2222-3333-444444444444"}',1,'2026-11-26 14:22:43.985476','2026-11-26 14:22:43.985476','Chief editors','chief editors','000000c1-1111-2222-3333-444444444444');
INSERT INTO "groups" VALUES('01a2183c-bf1b-7000-ae8b-4157d54e6941','{"displayName": "Readers"}',6,'2026-11-26 14:22:43.995341','2026-11-26 14:22:44.030546','Readers','readers',NULL);
INSERT INTO "groups" VALUES('01a2183c-bf44-7000-a51a-4dc174fe05ee','{"displayName": "Empty \u2116 1"}',1,'2026-11-26 14:22:44.036552','2026-11-26 14:22:44.036552','Empty № 1','empty no 1',NULL);
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
INSERT INTO "journal" VALUES('01a2183c-adb0-7000-8a98-9514a101e95b','2026-11-26 14:22:39.536123','audit','Created',1,'command line','command line',NULL,NULL,'User','01a2183c-adad-7000-88af-f7b5932dcda0','ada','Created ada.','[{"attribute": "userName", "new": "ada"}, {"attribute": "active", "new": true}]');
INSERT INTO "journal" VALUES('01a2183c-b5a3-7000-9217-2fced0541501','2026-11-26 14:22:41.571830','audit','Generated token',1,'command line','command line',NULL,NULL,'Token','01a2183c-b5a2-7000-97a3-21dac197d6bf','npn_scim_ehH0…ZYF','Token npn_scim_ehH0…ZYF.',NULL);
INSERT INTO "journal" VALUES('01a2183c-bc61-7000-8d6c-af3cb2c96377','2026-11-26 14:22:43.297457','audit','Generated token',1,'command line','command line',NULL,NULL,'Token','01a2183c-bc60-7000-a6b0-4b5b59acf302','npn_scim_cEcG…CHo','Token npn_scim_cEcG…CHo.',NULL);
INSERT INTO "journal" VALUES('01a2183c-beb4-7000-9cac-32c31371f2de','2026-11-26 14:22:43.892791','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bea8-7000-85a3-9496574bb060','User','01a2183c-beb1-7000-8dfa-473c9b29fde0','otto@example.org','Created otto@example.org.','[{"attribute": "userName", "new": "otto@example.org"}, {"attribute": "externalId", "new": "000000b1-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "otto@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Otto Visser"}, {"attribute": "title", "new": "Head of News"}]');
INSERT INTO "journal" VALUES('01a2183c-bec1-7001-b50b-848ecb617306','2026-11-26 14:22:43.905578','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bebf-7000-9785-5556eb4cce68','User','01a2183c-bec1-7000-81d2-da21a3f66458','jane@example.org','Created jane@example.org.','[{"attribute": "userName", "new": "jane@example.org"}, {"attribute": "externalId", "new": "0000aaaa-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "jane@example.org", "primary": true}]}, {"attribute": "name", "new": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}}, {"attribute": "displayName", "new": "Jane Bakker"}, {"attribute": "preferredLanguage", "new": "nl-NL"}, {"attribute": "phoneNumbers", "new": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}]}, {"attribute": "addresses", "new": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}]}, {"attribute": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "new": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a2183c-beb1-7000-8dfa-473c9b29fde0"}}}]');
INSERT INTO "journal" VALUES('01a2183c-bec9-7001-b0ab-ccc530dbf56e','2026-11-26 14:22:43.913907','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bec7-7000-8076-da4e5d4bcf5f','User','01a2183c-bec9-7000-a733-192793a5016c','maria@example.org','Created maria@example.org, disabled.','[{"attribute": "userName", "new": "maria@example.org"}, {"attribute": "externalId", "new": "000000b2-1111-2222-3333-444444444444"}, {"attribute": "active", "new": false}, {"attribute": "emails", "new": [{"type": "work", "value": "maria@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Maria N\u00fa\u00f1ez"}]');
INSERT INTO "journal" VALUES('01a2183c-bed0-7000-a287-f344b487791c','2026-11-26 14:22:43.920021','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-becd-7000-accb-95a6d956f007','User','01a2183c-becf-7000-ba65-4ade0020cd9e','zoë@example.org','Created zoë@example.org.','[{"attribute": "userName", "new": "zo\u00eb@example.org"}, {"attribute": "externalId", "new": "zoe"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}]}, {"attribute": "displayName", "new": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}]');
INSERT INTO "journal" VALUES('01a2183c-bed5-7001-836b-136d79d414e1','2026-11-26 14:22:43.925604','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bed3-7000-9d64-c585f60e23ad','User','01a2183c-bed5-7000-995b-4ddf26d508fa','piet@example.org','Created piet@example.org.','[{"attribute": "userName", "new": "piet@example.org"}, {"attribute": "externalId", "new": "000000b3-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "piet@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Piet de Wit"}]');
INSERT INTO "journal" VALUES('01a2183c-bee0-7000-935e-4dacf8024e2b','2026-11-26 14:22:43.936198','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bede-7000-ada2-64aa6e42952e','User','01a2183c-bedf-7000-824a-004999d31dd3','kofi@example.org','Created kofi@example.org.','[{"attribute": "userName", "new": "kofi@example.org"}, {"attribute": "externalId", "new": "000000B4-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "kofi@example.org", "primary": true}]}, {"attribute": "roles", "new": [{"value": "Editor", "display": "Editor", "primary": true}]}]');
INSERT INTO "journal" VALUES('01a2183c-bee7-7000-9b54-add58b7fc3ba','2026-11-26 14:22:43.943550','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bee5-7000-bac0-0c91d4b7cd3e','User','01a2183c-bee6-7000-9f22-bc10dfe90a93','nora@example.org','Created nora@example.org.','[{"attribute": "userName", "new": "nora@example.org"}, {"attribute": "externalId", "new": "000000b5-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "nora@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Nora Chief"}]');
INSERT INTO "journal" VALUES('01a2183c-beed-7001-8556-401a6b217a95','2026-11-26 14:22:43.949560','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-beeb-7000-ac29-ce6cf96c8768','User','01a2183c-beed-7000-ae85-6049d267ab51','аda@example.org','Created аda@example.org.','[{"attribute": "userName", "new": "\u0430da@example.org"}, {"attribute": "externalId", "new": "000000b6-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "ada@example.org", "primary": true}]}, {"attribute": "displayName", "new": "A\u202eda"}]');
INSERT INTO "journal" VALUES('01a2183c-bef3-7000-9069-84827b9e8efb','2026-11-26 14:22:43.955330','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bef1-7000-addb-f224d541d682','User','01a2183c-bef2-7000-98f0-9a91fce63785','lea@example.org','Created lea@example.org.','[{"attribute": "userName", "new": "lea@example.org"}, {"attribute": "externalId", "new": "000000b7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea"}]');
INSERT INTO "journal" VALUES('01a2183c-bef9-7000-be5d-d629c70262f7','2026-11-26 14:22:43.961317','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bef7-7000-a315-2a89ae240553','User','01a2183c-bef8-7000-b544-ddf0e9969139','lea.de.vries@example.org','Created lea.de.vries@example.org.','[{"attribute": "userName", "new": "lea.de.vries@example.org"}, {"attribute": "externalId", "new": "000000B7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea 2"}]');
INSERT INTO "journal" VALUES('01a2183c-beff-7000-8e2d-c763eaba76b7','2026-11-26 14:22:43.967513','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-befd-7000-bd5d-f217fb5c3b23','User','01a2183c-befe-7000-8105-8b84e1ef3bd9','tom@example.org','Created tom@example.org.','[{"attribute": "userName", "new": "tom@example.org"}, {"attribute": "externalId", "new": "000000b8-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "tom@example.org", "primary": true}]}]');
INSERT INTO "journal" VALUES('01a2183c-bf05-7000-a9bf-98418adbd751','2026-11-26 14:22:43.973321','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bf03-7000-9cc8-24b6db8c6a56','User','01a2183c-bf04-7000-bfd8-3f6a92d7731e','wim@example.org','Created wim@example.org.','[{"attribute": "userName", "new": "wim@example.org"}, {"attribute": "externalId", "new": "000000b9-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "wim@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Wim"}]');
INSERT INTO "journal" VALUES('01a2183c-bf0b-7000-a180-131b483aed1d','2026-11-26 14:22:43.979283','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bf09-7000-b063-0c179f7718cf','User','01a2183c-bf0a-7000-a32d-1715ee035df1','no.object@example.org','Created no.object@example.org.','[{"attribute": "userName", "new": "no.object@example.org"}, {"attribute": "externalId", "new": "someone"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "no.object@example.org", "primary": true}]}, {"attribute": "displayName", "new": "No Object"}]');
INSERT INTO "journal" VALUES('01a2183c-bf14-7000-b839-4939bfecc3cc','2026-11-26 14:22:43.988309','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bf0f-7000-8647-fa87eb85fccc','Group','01a2183c-bf11-7000-9757-bbf0a5d4f27c','Chief editors','Created group Chief editors.','[{"attribute": "displayName", "new": "Chief editors"}, {"attribute": "externalId", "new": "000000c1-1111-2222-3333-444444444444"}]');
INSERT INTO "journal" VALUES('01a2183c-bf1b-7001-ae20-03a64a6f3625','2026-11-26 14:22:43.995991','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bf19-7000-988a-60b41d5ad731','Group','01a2183c-bf1b-7000-ae8b-4157d54e6941','Readers','Created group Readers.','[{"attribute": "displayName", "new": "Readers"}]');
INSERT INTO "journal" VALUES('01a2183c-bf28-7000-83fc-0d72a6075673','2026-11-26 14:22:44.008339','provisioning','Added to group',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bf20-7000-8be0-780c27d439f1','Group','01a2183c-bf1b-7000-ae8b-4157d54e6941','Readers','Added to group Readers: Jane Bakker.','[{"attribute": "members", "new": "01a2183c-bec1-7000-81d2-da21a3f66458"}]');
INSERT INTO "journal" VALUES('01a2183c-bf30-7000-a078-539d7fb77759','2026-11-26 14:22:44.016794','provisioning','Added to group',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bf2d-7000-bd43-aaa7ab7ca52e','Group','01a2183c-bf1b-7000-ae8b-4157d54e6941','Readers','Added to group Readers: Otto Visser.','[{"attribute": "members", "new": "01a2183c-beb1-7000-8dfa-473c9b29fde0"}]');
INSERT INTO "journal" VALUES('01a2183c-bf37-7000-99b9-dbbb994e7823','2026-11-26 14:22:44.024021','provisioning','Added to group',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bf35-7000-9609-e53bf695618f','Group','01a2183c-bf1b-7000-ae8b-4157d54e6941','Readers','Added to group Readers: Zoë O''Neil; "Z"
de Boer.','[{"attribute": "members", "new": "01a2183c-becf-7000-ba65-4ade0020cd9e"}]');
INSERT INTO "journal" VALUES('01a2183c-bf3e-7000-945b-6556de640f38','2026-11-26 14:22:44.030877','provisioning','Added to group',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bf3c-7000-be13-23f4a9d9cdc4','Group','01a2183c-bf1b-7000-ae8b-4157d54e6941','Readers','Added to group Readers: tom@example.org.','[{"attribute": "members", "new": "01a2183c-befe-7000-8105-8b84e1ef3bd9"}]');
INSERT INTO "journal" VALUES('01a2183c-bf45-7000-89bd-55cb216374ca','2026-11-26 14:22:44.037170','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bf43-7000-959a-8964476dcea6','Group','01a2183c-bf44-7000-a51a-4dc174fe05ee','Empty № 1','Created group Empty № 1.','[{"attribute": "displayName", "new": "Empty \u2116 1"}]');
INSERT INTO "journal" VALUES('01a2183c-bf4a-7001-8b18-7f7d664a993b','2026-11-26 14:22:44.042681','provisioning','Created',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bf49-7000-95da-2e4e438d3319','Group','01a2183c-bf4a-7000-939e-1e1e3abac2e0','Gone','Created group Gone.','[{"attribute": "displayName", "new": "Gone"}]');
INSERT INTO "journal" VALUES('01a2183c-bf50-7000-aecf-20f55c7959dc','2026-11-26 14:22:44.048758','provisioning','Added to group',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bf4e-7000-ac4c-7764868a81c4','Group','01a2183c-bf4a-7000-939e-1e1e3abac2e0','Gone','Added to group Gone: Jane Bakker.','[{"attribute": "members", "new": "01a2183c-bec1-7000-81d2-da21a3f66458"}]');
INSERT INTO "journal" VALUES('01a2183c-bf55-7000-aee1-26f22d644b7c','2026-11-26 14:22:44.053753','provisioning','Deleted',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bf54-7000-b76d-67c01bc48a5e','Group','01a2183c-bf4a-7000-939e-1e1e3abac2e0','Gone','Deleted group Gone.',NULL);
INSERT INTO "journal" VALUES('01a2183c-bf5f-7000-a7b4-3352f2857621','2026-11-26 14:22:44.063310','provisioning','Disabled',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bf58-7000-995e-847c505e2968','User','01a2183c-bedf-7000-824a-004999d31dd3','kofi@example.org','Disabled kofi@example.org; changed active.','[{"attribute": "active", "old": true}]');
INSERT INTO "journal" VALUES('01a2183c-bf69-7000-8e8c-575f4c267d7e','2026-11-26 14:22:44.073440','provisioning','Disabled',1,'SCIM','Entra ID','127.0.0.1','01a2183c-bf63-7000-8688-f6e47b6f53f3','User','01a2183c-bf04-7000-bfd8-3f6a92d7731e','wim@example.org','Disabled wim@example.org; changed active.','[{"attribute": "active", "old": true, "new": false}]');
INSERT INTO "journal" VALUES('01a2183c-bf73-7000-b07f-7c1c550a2bf5','2026-11-26 14:22:44.083465','provisioning','Refused',0,'SCIM','unknown','127.0.0.1','01a2183c-bf72-7000-b5a2-fa8415804367',NULL,NULL,NULL,'GET /scim/v2/Users: 401 This is only part of a token (17 of 58 characters).',NULL);
INSERT INTO "journal" VALUES('01a2183c-bf77-7000-8dae-d919bfa41e60','2026-11-26 14:22:44.087089','audit','Created',1,'command line','command line',NULL,NULL,'User','01a2183c-bf76-7000-bfbf-4e20680fd74e','linus','Created linus.','[{"attribute": "userName", "new": "linus"}, {"attribute": "active", "new": true}]');
INSERT INTO "journal" VALUES('01a2183c-bf79-7001-a52a-4c1791f1c6fb','2026-11-26 14:22:44.089782','audit','Created',1,'command line','command line',NULL,NULL,'User','01a2183c-bf79-7000-9351-9ecf11cc05de','mallory','Created mallory.','[{"attribute": "userName", "new": "mallory"}, {"attribute": "active", "new": true}]');
INSERT INTO "journal" VALUES('01a2183c-bf7d-7000-812b-0249ca401473','2026-11-26 14:22:44.093345','audit','Created',1,'command line','command line',NULL,NULL,'User','01a2183c-bf7c-7000-93b3-4a64b2c6a819','grace@elsewhere.example','Created grace@elsewhere.example.','[{"attribute": "userName", "new": "grace@elsewhere.example"}, {"attribute": "active", "new": true}]');
INSERT INTO "journal" VALUES('01a2183c-bf80-7000-9373-e008cb88b071','2026-11-26 14:22:44.096349','audit','Created',1,'command line','command line',NULL,NULL,'User','01a2183c-bf7f-7000-8767-1ef590735c5f','nadia@example.org','Created nadia@example.org.','[{"attribute": "userName", "new": "nadia@example.org"}, {"attribute": "active", "new": true}]');
INSERT INTO "journal" VALUES('01a2183c-bff3-7000-b471-53ea5daaafe2','2026-11-26 14:22:44.211053','audit','Signed in',1,'person','linus','127.0.0.1',NULL,'User','01a2183c-bf76-7000-bfbf-4e20680fd74e','linus','linus signed in with a local password.',NULL);
INSERT INTO "journal" VALUES('01a2183c-c058-7000-b292-12c286bb0c82','2026-11-26 14:22:44.313031','audit','Signed in',1,'person','ada','127.0.0.1',NULL,'User','01a2183c-adad-7000-88af-f7b5932dcda0','ada','ada signed in with a local password.',NULL);
INSERT INTO "journal" VALUES('01a2183c-c628-7000-955d-863b2c6a8452','2026-11-26 14:22:45.800706','audit','Disabled',1,'command line','command line',NULL,NULL,'User','01a2183c-bf79-7000-9351-9ecf11cc05de','mallory','Disabled mallory here.',NULL);
INSERT INTO "journal" VALUES('01a2183c-d690-7000-a705-58c3b0eca0f0','2026-11-26 14:22:50.000132','provisioning','Deleted',1,'SCIM','Entra ID','127.0.0.1','01a2183c-d685-7000-a319-2647992ba1f2','User','01a2183c-befe-7000-8105-8b84e1ef3bd9','tom@example.org','Deleted tom@example.org.',NULL);
INSERT INTO "journal" VALUES('01a2183c-e010-7000-8712-4ae186f663ad','2026-11-26 14:22:52.432638','audit','Set role',1,'command line','command line',NULL,NULL,'User','01a2183c-bf76-7000-bfbf-4e20680fd74e','linus','linus is now administrator.','[{"attribute": "role", "old": "user", "new": "administrator"}]');
INSERT INTO "journal" VALUES('01a2183c-e2ee-7000-a3d8-9de198eb16d0','2026-11-26 14:22:53.166374','audit','Signed in',1,'person','linus','127.0.0.1',NULL,'User','01a2183c-bf76-7000-bfbf-4e20680fd74e','linus','linus signed in with a local password.',NULL);
INSERT INTO "journal" VALUES('01a2183c-ec16-7000-a210-f2bea8224fa3','2026-11-26 14:22:55.510263','audit','Revoked token',1,'command line','command line',NULL,NULL,'Token','01a2183c-bc60-7000-a6b0-4b5b59acf302','npn_scim_cEcG…CHo','Token npn_scim_cEcG…CHo.',NULL);
CREATE TABLE memberships (
	group_id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (group_id, user_id), 
	CONSTRAINT fk_memberships_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "memberships" VALUES('01a2183c-bf1b-7000-ae8b-4157d54e6941','01a2183c-beb1-7000-8dfa-473c9b29fde0');
INSERT INTO "memberships" VALUES('01a2183c-bf1b-7000-ae8b-4157d54e6941','01a2183c-bec1-7000-81d2-da21a3f66458');
INSERT INTO "memberships" VALUES('01a2183c-bf1b-7000-ae8b-4157d54e6941','01a2183c-becf-7000-ba65-4ade0020cd9e');
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
INSERT INTO "scim_tokens" VALUES('01a2183c-b5a2-7000-97a3-21dac197d6bf',X'10AEA37725ACF9BFC54993DB455B761023BCCA6B605D7B2CBD820E82B31D17C4','npn_scim_ehH0…ZYF','Entra ID','Z8p1RW8fXLddd2YZKQMfux47TssuztOBS8m_s6MbWUg','2026-11-26 14:22:41.570452','command line','2026-11-26 14:22:43.880781','127.0.0.1',NULL);
INSERT INTO "scim_tokens" VALUES('01a2183c-bc60-7000-a6b0-4b5b59acf302',X'B91EE37E49F69D9636894025A58021310BD5D7D8CC322BA8C13C36A27DD9044F','npn_scim_cEcG…CHo','Old one','WltV86vxF5lYOHl8l8yg8A3odpR3LF04feIaIGkGm9U','2026-11-26 14:22:43.296460','command line',NULL,NULL,'2026-11-26 14:22:55.508410');
CREATE TABLE sessions (
	digest BLOB NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	method VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	address VARCHAR NOT NULL, 
	user_agent VARCHAR NOT NULL, 
	CONSTRAINT pk_sessions PRIMARY KEY (digest), 
	CONSTRAINT fk_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "sessions" VALUES(X'959552FCC573254A59C3563BE94B48007C5D92644378DBDCC46BBDDDB060C439','01a2183c-adad-7000-88af-f7b5932dcda0','local','2026-11-26 14:22:44.311918','2026-11-26 14:22:44.311918','127.0.0.1','Werkzeug/3.1.9');
INSERT INTO "sessions" VALUES(X'69190BD31EAA8C501397A5E6547BF998BE68C29C5886D46968DAED7FAE63597D','01a2183c-bf76-7000-bfbf-4e20680fd74e','local','2026-11-26 14:22:53.164884','2026-11-26 14:22:53.164884','127.0.0.1','Werkzeug/3.1.9');
CREATE TABLE unstored_attributes (
	resource_type VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	last_at DATETIME NOT NULL, 
	CONSTRAINT pk_unstored_attributes PRIMARY KEY (resource_type, name)
);
INSERT INTO "unstored_attributes" VALUES('User','shoeSize','2026-11-26 14:22:44.071710');
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
	last_sign_in_method VARCHAR, 
	CONSTRAINT pk_users PRIMARY KEY (id), 
	CONSTRAINT uq_users_external_id UNIQUE (external_id), 
	CONSTRAINT uq_users_user_name_key UNIQUE (user_name_key)
);
INSERT INTO "users" VALUES('01a2183c-adad-7000-88af-f7b5932dcda0','{"userName": "ada", "active": true}',1,'2026-11-26 14:22:39.533334','2026-11-26 14:22:39.533334','ada','ada',NULL,NULL,'ada',NULL,NULL,0,NULL,1,0,0,'administrator',1,'$argon2id$v=19$m=19456,t=2,p=1$B/NAe1RxVmt/fpxwOwhmug$s75cT01j0S+YSVtZ5ROb8glDIwXEjNuTDosAVXogy/k','2026-11-26 14:22:39.533334','2026-11-26 14:22:44.312539','local');
INSERT INTO "users" VALUES('01a2183c-beb1-7000-8dfa-473c9b29fde0','{"userName": "otto@example.org", "externalId": "000000b1-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "otto@example.org", "primary": true}], "displayName": "Otto Visser", "title": "Head of News"}',1,'2026-11-26 14:22:43.889904','2026-11-26 14:22:43.889904','otto@example.org','otto@example.org','000000b1-1111-2222-3333-444444444444','Otto Visser','otto visser','otto@example.org','otto@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES('01a2183c-bec1-7000-81d2-da21a3f66458','{"userName": "jane@example.org", "externalId": "0000aaaa-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "jane@example.org", "primary": true}], "name": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}, "displayName": "Jane Bakker", "preferredLanguage": "nl-NL", "phoneNumbers": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}], "addresses": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a2183c-beb1-7000-8dfa-473c9b29fde0"}}}',1,'2026-11-26 14:22:43.905007','2026-11-26 14:22:43.905007','jane@example.org','jane@example.org','0000aaaa-1111-2222-3333-444444444444','Jane Bakker','jane bakker','jane@example.org','jane@example.org',0,'01a2183c-beb1-7000-8dfa-473c9b29fde0',1,1,0,'user',0,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES('01a2183c-bec9-7000-a733-192793a5016c','{"userName": "maria@example.org", "externalId": "000000b2-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "maria@example.org", "primary": true}], "displayName": "Maria N\u00fa\u00f1ez"}',1,'2026-11-26 14:22:43.913169','2026-11-26 14:22:43.913169','maria@example.org','maria@example.org','000000b2-1111-2222-3333-444444444444','Maria Núñez','maria núñez','maria@example.org','maria@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES('01a2183c-becf-7000-ba65-4ade0020cd9e','{"userName": "zo\u00eb@example.org", "externalId": "zoe", "active": true, "emails": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}], "displayName": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}',1,'2026-11-26 14:22:43.919502','2026-11-26 14:22:43.919502','zoë@example.org','zoë@example.org','zoe','Zoë O''Neil; "Z"
de Boer','zoë o''neil; "z"
de boer','zoe@example.org','zoe@example.org',1,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES('01a2183c-bed5-7000-995b-4ddf26d508fa','{"userName": "piet@example.org", "externalId": "000000b3-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "piet@example.org", "primary": true}], "displayName": "Piet de Wit"}',1,'2026-11-26 14:22:43.925042','2026-11-26 14:22:43.925042','piet@example.org','piet@example.org','000000b3-1111-2222-3333-444444444444','Piet de Wit','piet de wit','piet@example.org','piet@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES('01a2183c-bedf-7000-824a-004999d31dd3','{"userName": "kofi@example.org", "externalId": "000000B4-1111-2222-3333-444444444444", "emails": [{"type": "work", "value": "kofi@example.org", "primary": true}], "roles": [{"value": "Editor", "display": "Editor", "primary": true}]}',2,'2026-11-26 14:22:43.935668','2026-11-26 14:22:44.059441','kofi@example.org','kofi@example.org','000000B4-1111-2222-3333-444444444444',NULL,'kofi@example.org','kofi@example.org','kofi@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES('01a2183c-bee6-7000-9f22-bc10dfe90a93','{"userName": "nora@example.org", "externalId": "000000b5-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "nora@example.org", "primary": true}], "displayName": "Nora Chief"}',1,'2026-11-26 14:22:43.942970','2026-11-26 14:22:43.942970','nora@example.org','nora@example.org','000000b5-1111-2222-3333-444444444444','Nora Chief','nora chief','nora@example.org','nora@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES('01a2183c-beed-7000-ae85-6049d267ab51','{"userName": "\u0430da@example.org", "externalId": "000000b6-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "ada@example.org", "primary": true}], "displayName": "A\u202eda"}',1,'2026-11-26 14:22:43.949018','2026-11-26 14:22:43.949018','аda@example.org','аda@example.org','000000b6-1111-2222-3333-444444444444','A‮da','a‮da','ada@example.org','ada@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES('01a2183c-bef2-7000-98f0-9a91fce63785','{"userName": "lea@example.org", "externalId": "000000b7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea@example.org", "primary": true}], "nickName": "Lea"}',1,'2026-11-26 14:22:43.954798','2026-11-26 14:22:43.954798','lea@example.org','lea@example.org','000000b7-1111-2222-3333-444444444444',NULL,'lea@example.org','lea@example.org','lea@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES('01a2183c-bef8-7000-b544-ddf0e9969139','{"userName": "lea.de.vries@example.org", "externalId": "000000B7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}], "nickName": "Lea 2"}',1,'2026-11-26 14:22:43.960791','2026-11-26 14:22:43.960791','lea.de.vries@example.org','lea.de.vries@example.org','000000B7-1111-2222-3333-444444444444',NULL,'lea.de.vries@example.org','lea.de.vries@example.org','lea.de.vries@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES('01a2183c-bf04-7000-bfd8-3f6a92d7731e','{"userName": "wim@example.org", "externalId": "000000b9-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "wim@example.org", "primary": true}], "displayName": "Wim"}',2,'2026-11-26 14:22:43.972774','2026-11-26 14:22:44.072529','wim@example.org','wim@example.org','000000b9-1111-2222-3333-444444444444','Wim','wim','wim@example.org','wim@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES('01a2183c-bf0a-7000-a32d-1715ee035df1','{"userName": "no.object@example.org", "externalId": "someone", "active": true, "emails": [{"type": "work", "value": "no.object@example.org", "primary": true}], "displayName": "No Object"}',1,'2026-11-26 14:22:43.978770','2026-11-26 14:22:43.978770','no.object@example.org','no.object@example.org','someone','No Object','no object','no.object@example.org','no.object@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES('01a2183c-bf76-7000-bfbf-4e20680fd74e','{"userName": "linus", "active": true}',1,'2026-11-26 14:22:44.086471','2026-11-26 14:22:44.086471','linus','linus',NULL,NULL,'linus',NULL,NULL,0,NULL,1,0,0,'administrator',0,'$argon2id$v=19$m=19456,t=2,p=1$q0UUhzMmL3natM7oXQsDnQ$oif0iAIzUS2GrSGArj2Sdqvd5ZbvHtVzhpRZg9mtFm0','2026-11-26 14:22:44.086471','2026-11-26 14:22:53.165497','local');
INSERT INTO "users" VALUES('01a2183c-bf79-7000-9351-9ecf11cc05de','{"userName": "mallory", "active": true}',1,'2026-11-26 14:22:44.089258','2026-11-26 14:22:44.089258','mallory','mallory',NULL,NULL,'mallory',NULL,NULL,0,NULL,1,0,1,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$q0UUhzMmL3natM7oXQsDnQ$oif0iAIzUS2GrSGArj2Sdqvd5ZbvHtVzhpRZg9mtFm0','2026-11-26 14:22:44.089258',NULL,NULL);
INSERT INTO "users" VALUES('01a2183c-bf7c-7000-93b3-4a64b2c6a819','{"userName": "grace@elsewhere.example", "active": true}',1,'2026-11-26 14:22:44.092691','2026-11-26 14:22:44.092691','grace@elsewhere.example','grace@elsewhere.example',NULL,NULL,'grace@elsewhere.example',NULL,NULL,0,NULL,1,0,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$q0UUhzMmL3natM7oXQsDnQ$oif0iAIzUS2GrSGArj2Sdqvd5ZbvHtVzhpRZg9mtFm0','2026-11-26 14:22:44.092691',NULL,NULL);
INSERT INTO "users" VALUES('01a2183c-bf7f-7000-8767-1ef590735c5f','{"userName": "nadia@example.org", "active": true}',1,'2026-11-26 14:22:44.095791','2026-11-26 14:22:44.095791','nadia@example.org','nadia@example.org',NULL,NULL,'nadia@example.org',NULL,NULL,0,NULL,1,0,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$q0UUhzMmL3natM7oXQsDnQ$oif0iAIzUS2GrSGArj2Sdqvd5ZbvHtVzhpRZg9mtFm0','2026-11-26 14:22:44.095791',NULL,NULL);
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
COMMIT;
