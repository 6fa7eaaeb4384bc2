-- live token: npn_scim_R46uxkrhW12tmkahspZi2Zcbb7amdUchF5E6fj2SfJA4JAnqi
-- revoked token: npn_scim_RKKabMaJBLqTTKnP0R7bfds5z9syBdISM98XEi2Lqka49Lm1Z
PRAGMA application_id = 1313885745;
PRAGMA user_version = 0;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0005');
CREATE TABLE blocks (
	user_id VARCHAR(36) NOT NULL, 
	kind VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	blocked_at DATETIME NOT NULL, 
	blocked_by VARCHAR NOT NULL, 
	CONSTRAINT pk_blocks PRIMARY KEY (user_id, kind, value)
);
INSERT INTO "blocks" VALUES('01a2183e-811b-7000-89d3-b9ab22c28c61','user name','mallory','2026-11-26 14:24:42.200884','command line');
INSERT INTO "blocks" VALUES('01a2183e-7f8c-7000-9daa-545257100620','object ID','000000b3-1111-2222-3333-444444444444','2026-11-26 14:24:50.023876','command line');
INSERT INTO "blocks" VALUES('01a2183e-801d-7000-b44f-a389aac5eb18','user name','no.object@example.org','2026-11-26 14:24:53.725960','command line');
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
INSERT INTO "conflicts" VALUES('01a2183e-7fe8-7000-a365-36ff43258035','01a2183e-7fc7-7000-93ae-53936f345278','shared_object_id','000000b7-1111-2222-3333-444444444444','','000000b7-1111-2222-3333-444444444444','2026-11-26 14:24:38.881651','2026-11-26 14:24:38.881651');
INSERT INTO "conflicts" VALUES('01a2183e-7fec-7000-8dcc-f4c51526469e','01a2183e-7fbc-7000-ad05-91771811ce1a','shared_object_id','000000b7-1111-2222-3333-444444444444','','000000b7-1111-2222-3333-444444444444','2026-11-26 14:24:38.890361','2026-11-26 14:24:38.890361');
INSERT INTO "conflicts" VALUES('01a2183e-b01f-7000-a63c-d9f21bc67ec0','01a2183e-7f35-7000-87ef-15927f9ecbb3','link_disagrees','000000e1-1111-2222-3333-444444444444','otto@example.org','000000e1-1111-2222-3333-444444444444','2026-11-26 14:24:51.231067','2026-11-26 14:24:51.304474');
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
INSERT INTO "deleted_people" VALUES('01a2183e-7ffc-7000-b0e0-94a3ace53240','tom@example.org','tom@example.org','000000b8-1111-2222-3333-444444444444',NULL,'2026-11-26 14:24:51.392949','Entra ID');
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
INSERT INTO "groups" VALUES('01a2183e-8034-7000-a78a-5a219a13f9f5','{"displayName": "Chief editors", "externalId": "000000c1-1111-2222-3333-444444444444"}',2,'2026-11-26 14:24:38.964583','2026-11-26 14:24:50.985244','Chief editors','chief editors','000000c1-1111-2222-3333-444444444444');
INSERT INTO "groups" VALUES('01a2183e-804a-7000-83fc-df24fc89cdb6','{"displayName": "Readers"}',6,'2026-11-26 14:24:38.986659','2026-11-26 14:24:39.075220','Readers','readers',NULL);
INSERT INTO "groups" VALUES('01a2183e-80aa-7000-b6ec-fe06d9fbe1f1','{"displayName": "Empty \u2116 1"}',1,'2026-11-26 14:24:39.082368','2026-11-26 14:24:39.082368','Empty № 1','empty no 1',NULL);
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
INSERT INTO "identities" VALUES('01a2183e-7f63-7000-b4d0-31ca42e892f5','11111111-2222-3333-4444-555555555555','0000aaaa-1111-2222-3333-444444444444','pairwise','jane@example.org','["Editor"]','2026-11-26 14:24:47.121758','externalId');
INSERT INTO "identities" VALUES('01a2183e-7f35-7000-87ef-15927f9ecbb3','11111111-2222-3333-4444-555555555555','000000b1-1111-2222-3333-444444444444','pairwise','otto@example.org','[]','2026-11-26 14:24:47.246329','externalId');
INSERT INTO "identities" VALUES('01a2183e-7f8c-7000-9daa-545257100620','11111111-2222-3333-4444-555555555555','000000b3-1111-2222-3333-444444444444','pairwise','piet@example.org','[]','2026-11-26 14:24:47.346103','externalId');
INSERT INTO "identities" VALUES('01a2183e-7fa2-7000-9361-36367a968772','11111111-2222-3333-4444-555555555555','000000b5-1111-2222-3333-444444444444','pairwise','nora@example.org','[]','2026-11-26 14:24:51.050264','externalId');
INSERT INTO "identities" VALUES('01a2183e-8127-7000-9945-b5153a336249','11111111-2222-3333-4444-555555555555','000000d1-1111-2222-3333-444444444444','pairwise','nadia@example.org','[]','2026-11-26 14:24:51.197312','the person themselves');
INSERT INTO "identities" VALUES('01a2183e-8123-7000-9b28-9d40a0c64550','11111111-2222-3333-4444-555555555555','000000d2-1111-2222-3333-444444444444','pairwise','grace@example.org','[]','2026-11-26 14:24:51.218053','the person themselves');
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
INSERT INTO "journal" VALUES('01a2183e-5966-7000-a5b3-80ea48c63913','2026-11-26 14:24:29.030432','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183e-5963-7000-b8ba-2f53dfce5fbb','ada','[{"attribute": "userName", "new": "ada"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-6a20-7000-8a4f-3326aaf68a11','2026-11-26 14:24:33.312534','audit','token.issued',1,'command line','command line',NULL,NULL,'Token','01a2183e-6a1f-7000-aa3b-592da2a1015c','npn_scim_R46u…nqi',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-79bb-7000-90a3-d38887ffc1dc','2026-11-26 14:24:37.307522','audit','token.issued',1,'command line','command line',NULL,NULL,'Token','01a2183e-79ba-7000-997e-1ff4da19f744','npn_scim_RKKa…m1Z',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-7f3d-7000-acfc-f8ae0ba22db0','2026-11-26 14:24:38.717692','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-7f10-7000-88ed-93f93ac5f693','User','01a2183e-7f35-7000-87ef-15927f9ecbb3','otto@example.org','[{"attribute": "userName", "new": "otto@example.org"}, {"attribute": "externalId", "new": "000000b1-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "otto@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Otto Visser"}, {"attribute": "title", "new": "Head of News"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-7f64-7000-8cf3-41cdf0f862f9','2026-11-26 14:24:38.756036','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-7f5c-7000-a412-b71dc52d6a67','User','01a2183e-7f63-7000-b4d0-31ca42e892f5','jane@example.org','[{"attribute": "userName", "new": "jane@example.org"}, {"attribute": "externalId", "new": "0000aaaa-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "jane@example.org", "primary": true}]}, {"attribute": "name", "new": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}}, {"attribute": "displayName", "new": "Jane Bakker"}, {"attribute": "preferredLanguage", "new": "nl-NL"}, {"attribute": "phoneNumbers", "new": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}]}, {"attribute": "addresses", "new": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}]}, {"attribute": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "new": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a2183e-7f35-7000-87ef-15927f9ecbb3"}}}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-7f77-7000-8361-f34c73e09e21','2026-11-26 14:24:38.775086','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-7f71-7000-a969-dbb00b30ba78','User','01a2183e-7f72-7000-ba5a-63b357182e0c','maria@example.org','[{"attribute": "userName", "new": "maria@example.org"}, {"attribute": "externalId", "new": "000000b2-1111-2222-3333-444444444444"}, {"attribute": "active", "new": false}, {"attribute": "emails", "new": [{"type": "work", "value": "maria@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Maria N\u00fa\u00f1ez"}]','{"is_active": false}');
INSERT INTO "journal" VALUES('01a2183e-7f85-7000-bd98-d36a6dfca282','2026-11-26 14:24:38.789133','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-7f80-7000-9a4e-7d065bba5ca1','User','01a2183e-7f82-7000-a4a8-8b2eecf65a20','zoë@example.org','[{"attribute": "userName", "new": "zo\u00eb@example.org"}, {"attribute": "externalId", "new": "zoe"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}]}, {"attribute": "displayName", "new": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-7f8d-7000-8e3b-6c8b9982708a','2026-11-26 14:24:38.797339','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-7f8b-7000-ac5b-ba8c96f2a7b4','User','01a2183e-7f8c-7000-9daa-545257100620','piet@example.org','[{"attribute": "userName", "new": "piet@example.org"}, {"attribute": "externalId", "new": "000000b3-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "piet@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Piet de Wit"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-7f95-7000-b6b2-569ff25a194b','2026-11-26 14:24:38.805162','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-7f93-7000-a5ad-253cc7015b78','User','01a2183e-7f94-7000-8840-32e02bc66d2d','kofi@example.org','[{"attribute": "userName", "new": "kofi@example.org"}, {"attribute": "externalId", "new": "000000B4-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "kofi@example.org", "primary": true}]}, {"attribute": "roles", "new": [{"value": "Editor", "display": "Editor", "primary": true}]}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-7fa7-7000-9941-d9032d74c667','2026-11-26 14:24:38.823201','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-7fa1-7000-9888-e26fd3261006','User','01a2183e-7fa2-7000-9361-36367a968772','nora@example.org','[{"attribute": "userName", "new": "nora@example.org"}, {"attribute": "externalId", "new": "000000b5-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "nora@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Nora Chief"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-7fae-7001-bbda-1d0ae6e8e43e','2026-11-26 14:24:38.830602','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-7fac-7000-9eda-18cd12edc307','User','01a2183e-7fae-7000-ad36-6d5324653c36','аda@example.org','[{"attribute": "userName", "new": "\u0430da@example.org"}, {"attribute": "externalId", "new": "000000b6-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "ada@example.org", "primary": true}]}, {"attribute": "displayName", "new": "A\u202eda"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-7fbc-7001-b74e-5d3781d75af8','2026-11-26 14:24:38.844699','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-7fb6-7000-8b44-c543c5b09ac9','User','01a2183e-7fbc-7000-ad05-91771811ce1a','lea@example.org','[{"attribute": "userName", "new": "lea@example.org"}, {"attribute": "externalId", "new": "000000b7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-7fc8-7000-bec5-ff7d9927af4d','2026-11-26 14:24:38.856190','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-7fc4-7000-aa42-5c586842647f','User','01a2183e-7fc7-7000-93ae-53936f345278','lea.de.vries@example.org','[{"attribute": "userName", "new": "lea.de.vries@example.org"}, {"attribute": "externalId", "new": "000000B7-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}]}, {"attribute": "nickName", "new": "Lea 2"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-7fe9-7000-a9e8-6c7b5d6fd199','2026-11-26 14:24:38.890016','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a2183e-7fc4-7000-aa42-5c586842647f','User','01a2183e-7fc7-7000-93ae-53936f345278','lea.de.vries@example.org',NULL,'{"reason": "shared_object_id", "value": "000000b7-1111-2222-3333-444444444444", "claimant": ""}');
INSERT INTO "journal" VALUES('01a2183e-7fec-7001-8214-67e37dd384b7','2026-11-26 14:24:38.892539','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a2183e-7fc4-7000-aa42-5c586842647f','User','01a2183e-7fbc-7000-ad05-91771811ce1a','lea@example.org',NULL,'{"reason": "shared_object_id", "value": "000000b7-1111-2222-3333-444444444444", "claimant": ""}');
INSERT INTO "journal" VALUES('01a2183e-7ffd-7000-a55b-cde7de14c8a3','2026-11-26 14:24:38.909662','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-7ff5-7000-bf4b-ecaf4ce49ebd','User','01a2183e-7ffc-7000-b0e0-94a3ace53240','tom@example.org','[{"attribute": "userName", "new": "tom@example.org"}, {"attribute": "externalId", "new": "000000b8-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "tom@example.org", "primary": true}]}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-8011-7000-a910-ccd33b9ef276','2026-11-26 14:24:38.929219','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-8009-7000-ad59-46a7a5184f04','User','01a2183e-8010-7000-be60-13d22d84924d','wim@example.org','[{"attribute": "userName", "new": "wim@example.org"}, {"attribute": "externalId", "new": "000000b9-1111-2222-3333-444444444444"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "wim@example.org", "primary": true}]}, {"attribute": "displayName", "new": "Wim"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-801d-7001-88e1-963af70fd678','2026-11-26 14:24:38.941839','provisioning','person.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-801b-7000-9225-a829a90be8e4','User','01a2183e-801d-7000-b44f-a389aac5eb18','no.object@example.org','[{"attribute": "userName", "new": "no.object@example.org"}, {"attribute": "externalId", "new": "someone"}, {"attribute": "active", "new": true}, {"attribute": "emails", "new": [{"type": "work", "value": "no.object@example.org", "primary": true}]}, {"attribute": "displayName", "new": "No Object"}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-803b-7000-a0e5-0942ac9eafe7','2026-11-26 14:24:38.971535','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-802a-7000-9ebf-00d35f816714','Group','01a2183e-8034-7000-a78a-5a219a13f9f5','Chief editors','[{"attribute": "displayName", "new": "Chief editors"}, {"attribute": "externalId", "new": "000000c1-1111-2222-3333-444444444444"}]',NULL);
INSERT INTO "journal" VALUES('01a2183e-804f-7000-9829-727adb33c0fc','2026-11-26 14:24:38.991838','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-8049-7000-972c-d09e030c4c80','Group','01a2183e-804a-7000-83fc-df24fc89cdb6','Readers','[{"attribute": "displayName", "new": "Readers"}]',NULL);
INSERT INTO "journal" VALUES('01a2183e-8070-7000-8b49-85cab10c2ce8','2026-11-26 14:24:39.024279','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183e-8056-7000-88f5-0c167b1d061e','Group','01a2183e-804a-7000-83fc-df24fc89cdb6','Readers','[{"attribute": "members", "new": "01a2183e-7f63-7000-b4d0-31ca42e892f5"}]','{"names": ["Jane Bakker"], "number": 1}');
INSERT INTO "journal" VALUES('01a2183e-8083-7000-84ae-84888efb8d17','2026-11-26 14:24:39.043851','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183e-807d-7000-ab9a-3b2bb34d25d8','Group','01a2183e-804a-7000-83fc-df24fc89cdb6','Readers','[{"attribute": "members", "new": "01a2183e-7f35-7000-87ef-15927f9ecbb3"}]','{"names": ["Otto Visser"], "number": 1}');
INSERT INTO "journal" VALUES('01a2183e-808e-7000-8b7c-8c89dcb5b677','2026-11-26 14:24:39.054146','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183e-808b-7000-b344-0f9cad9cf4c1','Group','01a2183e-804a-7000-83fc-df24fc89cdb6','Readers','[{"attribute": "members", "new": "01a2183e-7f82-7000-a4a8-8b2eecf65a20"}]','{"names": ["Zo\u00eb O''Neil; \"Z\"\nde Boer"], "number": 1}');
INSERT INTO "journal" VALUES('01a2183e-80a3-7000-a0f5-d90fd2dc937f','2026-11-26 14:24:39.075627','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183e-809d-7000-8dd0-1209cbe2b8a2','Group','01a2183e-804a-7000-83fc-df24fc89cdb6','Readers','[{"attribute": "members", "new": "01a2183e-7ffc-7000-b0e0-94a3ace53240"}]','{"names": ["tom@example.org"], "number": 1}');
INSERT INTO "journal" VALUES('01a2183e-80af-7000-895b-074260de7083','2026-11-26 14:24:39.087282','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-80a8-7000-b221-efd9f7398b8f','Group','01a2183e-80aa-7000-b6ec-fe06d9fbe1f1','Empty № 1','[{"attribute": "displayName", "new": "Empty \u2116 1"}]',NULL);
INSERT INTO "journal" VALUES('01a2183e-80c1-7000-a260-8d86c4848dd2','2026-11-26 14:24:39.105505','provisioning','group.created',1,'SCIM','Entra ID','127.0.0.1','01a2183e-80bd-7000-8962-aa58535e3f8f','Group','01a2183e-80be-7000-964b-45b8d3dc37d2','Gone','[{"attribute": "displayName", "new": "Gone"}]',NULL);
INSERT INTO "journal" VALUES('01a2183e-80d1-7000-8412-d280cc9090e0','2026-11-26 14:24:39.121254','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183e-80cd-7000-b75a-cf4c95e5c9fc','Group','01a2183e-80be-7000-964b-45b8d3dc37d2','Gone','[{"attribute": "members", "new": "01a2183e-7f63-7000-b4d0-31ca42e892f5"}]','{"names": ["Jane Bakker"], "number": 1}');
INSERT INTO "journal" VALUES('01a2183e-80df-7000-bfbe-01ff3c2e2457','2026-11-26 14:24:39.135105','provisioning','group.deleted',1,'SCIM','Entra ID','127.0.0.1','01a2183e-80d7-7000-9f7b-7e157ac6d534','Group','01a2183e-80be-7000-964b-45b8d3dc37d2','Gone',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-80f5-7000-9bb2-2c8508e73892','2026-11-26 14:24:39.157632','provisioning','person.disabled',1,'SCIM','Entra ID','127.0.0.1','01a2183e-80e8-7000-9578-c152135b2ed1','User','01a2183e-7f94-7000-8840-32e02bc66d2d','kofi@example.org','[{"attribute": "active", "old": true, "new": false}]','{"attributes": ["active"], "sessions_ended": 0}');
INSERT INTO "journal" VALUES('01a2183e-8104-7000-988e-434f11475b35','2026-11-26 14:24:39.172144','provisioning','person.disabled',1,'SCIM','Entra ID','127.0.0.1','01a2183e-8100-7000-983e-46e4aa9c9acb','User','01a2183e-8010-7000-be60-13d22d84924d','wim@example.org','[{"attribute": "active", "old": true, "new": false}]','{"attributes": ["active"], "sessions_ended": 0}');
INSERT INTO "journal" VALUES('01a2183e-8113-7001-88e9-e8b62e16f224','2026-11-26 14:24:39.187741','provisioning','scim.refused',0,'SCIM','unknown','127.0.0.1','01a2183e-8113-7000-8397-f7e78d5974e7',NULL,NULL,NULL,NULL,'{"method": "GET", "path": "/scim/v2/Users", "status": 401, "reason": "This is only part of a token (17 of 58 characters)."}');
INSERT INTO "journal" VALUES('01a2183e-8119-7000-93e9-64724765f9e7','2026-11-26 14:24:39.193341','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183e-8118-7000-9064-5b0219aa9565','linus','[{"attribute": "userName", "new": "linus"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-811c-7000-8b95-8ed4f1357576','2026-11-26 14:24:39.196152','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183e-811b-7000-89d3-b9ab22c28c61','mallory','[{"attribute": "userName", "new": "mallory"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-8124-7000-b070-1606051f6c35','2026-11-26 14:24:39.204485','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183e-8123-7000-9b28-9d40a0c64550','grace@elsewhere.example','[{"attribute": "userName", "new": "grace@elsewhere.example"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-8128-7000-940f-032e6602a37a','2026-11-26 14:24:39.208085','audit','person.created',1,'command line','command line',NULL,NULL,'User','01a2183e-8127-7000-9945-b5153a336249','nadia@example.org','[{"attribute": "userName", "new": "nadia@example.org"}, {"attribute": "active", "new": true}]','{"is_active": true}');
INSERT INTO "journal" VALUES('01a2183e-81c9-7000-9931-8e2963875612','2026-11-26 14:24:39.369158','audit','sign_in.local',1,'person','linus','127.0.0.1',NULL,'User','01a2183e-8118-7000-9064-5b0219aa9565','linus',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-824e-7000-8478-3effa85408d0','2026-11-26 14:24:39.502631','audit','sign_in.local',1,'person','ada','127.0.0.1',NULL,'User','01a2183e-5963-7000-b8ba-2f53dfce5fbb','ada',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-8cd9-7000-9dcf-1d9b56687433','2026-11-26 14:24:42.201670','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a2183e-811b-7000-89d3-b9ab22c28c61','mallory',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-9f92-7000-b13e-eb5530be6472','2026-11-26 14:24:46.994446','audit','settings.changed',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID','[{"attribute": "tenant_id", "new": "11111111-2222-3333-4444-555555555555"}, {"attribute": "client_id", "new": "66666666-7777-8888-9999-aaaaaaaaaaaa"}, {"attribute": "secret", "new": "changed"}]','{"part": "connection", "sessions_ended": 0}');
INSERT INTO "journal" VALUES('01a2183e-9f98-7000-9e13-a02d6efd4c05','2026-11-26 14:24:47.000753','audit','sign_in.tested',1,'command line','command line',NULL,NULL,'Settings',NULL,'Microsoft Entra ID',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-a01a-7000-b2b2-b2a4317ca6a8','2026-11-26 14:24:47.130856','audit','microsoft.linked',1,'Microsoft account','jane@example.org (0000aaaa-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a2183e-7f63-7000-b4d0-31ca42e892f5','jane@example.org',NULL,'{"account": "jane@example.org", "object_id": "0000aaaa-1111-2222-3333-444444444444", "rule": "externalId"}');
INSERT INTO "journal" VALUES('01a2183e-a030-7000-a949-6b9266956a6e','2026-11-26 14:24:47.152680','audit','sign_in.microsoft',1,'person','jane@example.org','127.0.0.1',NULL,'User','01a2183e-7f63-7000-b4d0-31ca42e892f5','jane@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-a08e-7000-bc4c-ed4a351f1310','2026-11-26 14:24:47.247035','audit','microsoft.linked',1,'Microsoft account','otto@example.org (000000b1-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a2183e-7f35-7000-87ef-15927f9ecbb3','otto@example.org',NULL,'{"account": "otto@example.org", "object_id": "000000b1-1111-2222-3333-444444444444", "rule": "externalId"}');
INSERT INTO "journal" VALUES('01a2183e-a095-7000-a5bc-fd3a6d803c8a','2026-11-26 14:24:47.253739','audit','sign_in.microsoft',1,'person','otto@example.org','127.0.0.1',NULL,'User','01a2183e-7f35-7000-87ef-15927f9ecbb3','otto@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-a0f2-7000-a919-658b38e8e79d','2026-11-26 14:24:47.346613','audit','microsoft.linked',1,'Microsoft account','piet@example.org (000000b3-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a2183e-7f8c-7000-9daa-545257100620','piet@example.org',NULL,'{"account": "piet@example.org", "object_id": "000000b3-1111-2222-3333-444444444444", "rule": "externalId"}');
INSERT INTO "journal" VALUES('01a2183e-a0f8-7000-8885-303e3767aa42','2026-11-26 14:24:47.352961','audit','sign_in.microsoft',1,'person','piet@example.org','127.0.0.1',NULL,'User','01a2183e-7f8c-7000-9daa-545257100620','piet@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-ab69-7000-92f6-2ab1c095a0f6','2026-11-26 14:24:50.025104','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a2183e-7f8c-7000-9daa-545257100620','piet@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-af05-7000-9284-7d93ebb9c384','2026-11-26 14:24:50.949776','audit','role_mapping.added',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings',NULL,'{"app_role": null, "group": "Chief editors"}');
INSERT INTO "journal" VALUES('01a2183e-af14-7000-8a87-34888da5b2e9','2026-11-26 14:24:50.964228','audit','role_mapping.added',1,'command line','command line',NULL,NULL,'Settings',NULL,'Role mappings',NULL,'{"app_role": "Netpresenter.Admin", "group": null}');
INSERT INTO "journal" VALUES('01a2183e-af29-7000-a767-ee44b8a9cc4b','2026-11-26 14:24:50.985521','provisioning','members.added',1,'SCIM','Entra ID','127.0.0.1','01a2183e-af27-7000-9c99-85f2af8ea805','Group','01a2183e-8034-7000-a78a-5a219a13f9f5','Chief editors','[{"attribute": "members", "new": "01a2183e-7fa2-7000-9361-36367a968772"}]','{"names": ["Nora Chief"], "number": 1}');
INSERT INTO "journal" VALUES('01a2183e-af31-7000-9e06-fab156495bf8','2026-11-26 14:24:50.993465','provisioning','role.changed',1,'SCIM','Entra ID','127.0.0.1','01a2183e-af27-7000-9c99-85f2af8ea805','User','01a2183e-7fa2-7000-9361-36367a968772','nora@example.org','[{"attribute": "role", "old": "user", "new": "administrator"}]','{"role": "administrator", "is_mapped": true}');
INSERT INTO "journal" VALUES('01a2183e-af6a-7000-a331-af47cc98357c','2026-11-26 14:24:51.050692','audit','microsoft.linked',1,'Microsoft account','nora@example.org (000000b5-1111-2222-3333-444444444444)','127.0.0.1',NULL,'User','01a2183e-7fa2-7000-9361-36367a968772','nora@example.org',NULL,'{"account": "nora@example.org", "object_id": "000000b5-1111-2222-3333-444444444444", "rule": "externalId"}');
INSERT INTO "journal" VALUES('01a2183e-af7a-7000-accd-62ee2f3981be','2026-11-26 14:24:51.066489','audit','sign_in.microsoft',1,'person','nora@example.org','127.0.0.1',NULL,'User','01a2183e-7fa2-7000-9361-36367a968772','nora@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-aff3-7000-985d-fab9386db0af','2026-11-26 14:24:51.187288','audit','sign_in.local',1,'person','nadia@example.org','127.0.0.1',NULL,'User','01a2183e-8127-7000-9945-b5153a336249','nadia@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-affd-7000-bae9-b06e549e28dc','2026-11-26 14:24:51.197749','audit','microsoft.linked',1,'command line','command line',NULL,NULL,'User','01a2183e-8127-7000-9945-b5153a336249','nadia@example.org',NULL,'{"account": "nadia@example.org", "object_id": "000000d1-1111-2222-3333-444444444444", "rule": "the person themselves"}');
INSERT INTO "journal" VALUES('01a2183e-b007-7000-9ea5-87f83fce8922','2026-11-26 14:24:51.207209','audit','claimable.set',1,'command line','command line',NULL,NULL,'User','01a2183e-8127-7000-9945-b5153a336249','nadia@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-b012-7000-b1ab-27deafc8b672','2026-11-26 14:24:51.218512','audit','microsoft.linked',1,'command line','command line',NULL,NULL,'User','01a2183e-8123-7000-9b28-9d40a0c64550','grace@elsewhere.example',NULL,'{"account": "grace@example.org", "object_id": "000000d2-1111-2222-3333-444444444444", "rule": "the person themselves"}');
INSERT INTO "journal" VALUES('01a2183e-b01e-7000-904d-17081ea659a4','2026-11-26 14:24:51.230065','provisioning','person.changed',1,'SCIM','Entra ID','127.0.0.1','01a2183e-b01c-7000-8954-bf98ff074943','User','01a2183e-7f35-7000-87ef-15927f9ecbb3','otto@example.org','[{"attribute": "externalId", "old": "000000b1-1111-2222-3333-444444444444", "new": "000000e1-1111-2222-3333-444444444444"}]','{"attributes": ["externalId"], "sessions_ended": 0}');
INSERT INTO "journal" VALUES('01a2183e-b01e-7001-b40c-2ee8ed305bf3','2026-11-26 14:24:51.230303','provisioning','external_id.changed',1,'SCIM','Entra ID','127.0.0.1','01a2183e-b01c-7000-8954-bf98ff074943','User','01a2183e-7f35-7000-87ef-15927f9ecbb3','otto@example.org',NULL,'{"old": "000000b1-1111-2222-3333-444444444444", "new": "000000e1-1111-2222-3333-444444444444"}');
INSERT INTO "journal" VALUES('01a2183e-b01f-7001-a914-b1749a24f962','2026-11-26 14:24:51.231882','provisioning','conflict.opened',0,'SCIM','Entra ID','127.0.0.1','01a2183e-b01c-7000-8954-bf98ff074943','User','01a2183e-7f35-7000-87ef-15927f9ecbb3','otto@example.org',NULL,'{"reason": "link_disagrees", "value": "000000e1-1111-2222-3333-444444444444", "claimant": "otto@example.org"}');
INSERT INTO "journal" VALUES('01a2183e-b045-7000-b870-92dc4bbbdb5f','2026-11-26 14:24:51.269670','audit','microsoft.sign_in_refused',0,'Microsoft account','otto@example.org (000000b1-1111-2222-3333-444444444444)','127.0.0.1','EXCS-6PXY','User','01a2183e-7f35-7000-87ef-15927f9ecbb3','otto@example.org',NULL,'{"reason": "link_disagrees", "account": "otto@example.org", "object_id": "000000b1-1111-2222-3333-444444444444", "external_id": "000000e1-1111-2222-3333-444444444444", "more": ""}');
INSERT INTO "journal" VALUES('01a2183e-b069-7000-a5f2-6044b48e6a8c','2026-11-26 14:24:51.305041','audit','microsoft.sign_in_refused',0,'Microsoft account','otto@example.org (000000e1-1111-2222-3333-444444444444)','127.0.0.1','NNPW-2EGI','User','01a2183e-7f35-7000-87ef-15927f9ecbb3','otto@example.org',NULL,'{"reason": "link_disagrees", "account": "otto@example.org", "object_id": "000000e1-1111-2222-3333-444444444444", "external_id": "000000e1-1111-2222-3333-444444444444", "more": ""}');
INSERT INTO "journal" VALUES('01a2183e-b07f-7000-8bc6-98be8acd4ad1','2026-11-26 14:24:51.327921','audit','microsoft.sign_in_refused',0,'Microsoft account','lea@example.org (000000b7-1111-2222-3333-444444444444)','127.0.0.1','L25E-UZDQ','User','01a2183e-7fbc-7000-ad05-91771811ce1a','lea@example.org',NULL,'{"reason": "shared_object_id", "account": "lea@example.org", "object_id": "000000b7-1111-2222-3333-444444444444", "external_id": "000000b7-1111-2222-3333-444444444444", "more": ""}');
INSERT INTO "journal" VALUES('01a2183e-b098-7000-8ed3-42795f38daeb','2026-11-26 14:24:51.352517','audit','microsoft.sign_in_refused',0,'Microsoft account','stranger@example.org (000000ee-1111-2222-3333-444444444444)','127.0.0.1','MF3M-YSL3',NULL,NULL,NULL,NULL,'{"reason": "no_account", "account": "stranger@example.org", "object_id": "000000ee-1111-2222-3333-444444444444", "external_id": null, "more": ""}');
INSERT INTO "journal" VALUES('01a2183e-b0b7-7000-a9ff-6d59f097e78d','2026-11-26 14:24:51.383728','audit','microsoft.sign_in_refused',0,'Microsoft account','maria@example.org (000000b2-1111-2222-3333-444444444444)','127.0.0.1','DTE2-TLFO','User','01a2183e-7f72-7000-ba5a-63b357182e0c','maria@example.org',NULL,'{"reason": "disabled", "account": "maria@example.org", "object_id": "000000b2-1111-2222-3333-444444444444", "external_id": "000000b2-1111-2222-3333-444444444444", "more": ""}');
INSERT INTO "journal" VALUES('01a2183e-b0c9-7000-a658-ec51de9e1511','2026-11-26 14:24:51.401898','provisioning','person.deleted',1,'SCIM','Entra ID','127.0.0.1','01a2183e-b0bd-7000-829b-90f836d836b7','User','01a2183e-7ffc-7000-b0e0-94a3ace53240','tom@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-b9de-7000-83b0-422a61f0e1f8','2026-11-26 14:24:53.726873','audit','person.blocked',1,'command line','command line',NULL,NULL,'User','01a2183e-801d-7000-b44f-a389aac5eb18','no.object@example.org',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-c848-7000-b032-aa5dc6b5a04b','2026-11-26 14:24:57.416203','audit','role.changed',1,'command line','command line',NULL,NULL,'User','01a2183e-8118-7000-9064-5b0219aa9565','linus','[{"attribute": "role", "old": "user", "new": "administrator"}]','{"role": "administrator", "is_mapped": false}');
INSERT INTO "journal" VALUES('01a2183e-cc2c-7000-ac80-7acbfe43d595','2026-11-26 14:24:58.412161','audit','sign_in.local',1,'person','linus','127.0.0.1',NULL,'User','01a2183e-8118-7000-9064-5b0219aa9565','linus',NULL,NULL);
INSERT INTO "journal" VALUES('01a2183e-d79e-7000-8b9e-543573326552','2026-11-26 14:25:01.342330','audit','token.revoked',1,'command line','command line',NULL,NULL,'Token','01a2183e-79ba-7000-997e-1ff4da19f744','npn_scim_RKKa…m1Z',NULL,NULL);
CREATE TABLE memberships (
	group_id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (group_id, user_id), 
	CONSTRAINT fk_memberships_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "memberships" VALUES('01a2183e-804a-7000-83fc-df24fc89cdb6','01a2183e-7f35-7000-87ef-15927f9ecbb3');
INSERT INTO "memberships" VALUES('01a2183e-804a-7000-83fc-df24fc89cdb6','01a2183e-7f63-7000-b4d0-31ca42e892f5');
INSERT INTO "memberships" VALUES('01a2183e-804a-7000-83fc-df24fc89cdb6','01a2183e-7f82-7000-a4a8-8b2eecf65a20');
INSERT INTO "memberships" VALUES('01a2183e-8034-7000-a78a-5a219a13f9f5','01a2183e-7fa2-7000-9361-36367a968772');
CREATE TABLE role_mappings (
	id VARCHAR(36) NOT NULL, 
	app_role VARCHAR, 
	group_id VARCHAR(36), 
	CONSTRAINT pk_role_mappings PRIMARY KEY (id), 
	CONSTRAINT fk_role_mappings_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT uq_role_mappings_app_role UNIQUE (app_role), 
	CONSTRAINT uq_role_mappings_group_id UNIQUE (group_id)
);
INSERT INTO "role_mappings" VALUES('01a2183e-af04-7000-8466-a5127cb02a83',NULL,'01a2183e-8034-7000-a78a-5a219a13f9f5');
INSERT INTO "role_mappings" VALUES('01a2183e-af13-7000-a425-0e2f19c4b209','Netpresenter.Admin',NULL);
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
INSERT INTO "scim_tokens" VALUES('01a2183e-6a1f-7000-aa3b-592da2a1015c',X'A947AFB0ED7E02F9474F8A90BFB7A7E61AF4A5EE175D2A3D5808A9228010EF14','npn_scim_R46u…nqi','Entra ID','lxVuPgbtsrYiNa0oWMiqbdjC-r5AkUsD5ARzkQZzxaI','2026-11-26 14:24:33.311542','command line','2026-11-26 14:24:38.673893','127.0.0.1',NULL);
INSERT INTO "scim_tokens" VALUES('01a2183e-79ba-7000-997e-1ff4da19f744',X'4FE8B65F61E8901E328B0C04CCBCE772CA57C4ACCAE8442BD4A192F3D2E95F8C','npn_scim_RKKa…m1Z','Old one','va1uISnLsYK4NTKpnkjvOeC-73dUNbwFE2f2MW_lw8Y','2026-11-26 14:24:37.306376','command line',NULL,NULL,'2026-11-26 14:25:01.339096');
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
INSERT INTO "sessions" VALUES(X'A904DF0800A7EC6843B44E7DF3064E5ACDFDC87707517BBDBDB9D3EFCB7B053D','01a2183e-5963-7000-b8ba-2f53dfce5fbb','local','2026-11-26 14:24:39.501613','2026-11-26 14:24:39.501613','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:24:39.500591',NULL,NULL);
INSERT INTO "sessions" VALUES(X'5D31A6599CD88F29B62FC3A72367693D834E8AC4CBF1FBA36001C0A153498B11','01a2183e-7f63-7000-b4d0-31ca42e892f5','microsoft','2026-11-26 14:24:47.144173','2026-11-26 14:24:47.144173','127.0.0.1','Werkzeug/3.1.9','1970-01-01 00:00:00.000000','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'4BD9E8A94190C148F0CD77C8C481755602FA5186ACE35BE1C75990C92CAF5C92','01a2183e-7fa2-7000-9361-36367a968772','microsoft','2026-11-26 14:24:51.065610','2026-11-26 14:24:51.065610','127.0.0.1','Werkzeug/3.1.9','1970-01-01 00:00:00.000000','session-at-microsoft-1','opaque-hint');
INSERT INTO "sessions" VALUES(X'60DAE3A4C0ECBF1B37B2759295B94135499D079BB438F5340881EF83C08A946D','01a2183e-8127-7000-9945-b5153a336249','local','2026-11-26 14:24:51.186360','2026-11-26 14:24:51.186360','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:24:51.184789',NULL,NULL);
INSERT INTO "sessions" VALUES(X'7DABF60CE58D3646BA85F4FFDDD6F44C40E5CFA686DF31D6E36D385B3B71DF32','01a2183e-8118-7000-9064-5b0219aa9565','local','2026-11-26 14:24:58.410380','2026-11-26 14:24:58.410380','127.0.0.1','Werkzeug/3.1.9','2026-11-26 14:24:58.406712',NULL,NULL);
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
INSERT INTO "sign_in_settings" VALUES(1,2,NULL,'11111111-2222-3333-4444-555555555555','66666666-7777-8888-9999-aaaaaaaaaaaa',X'674141414141427243454575326C677A346F4A7A584C74344B5974543676656D69614C6C7555644B326B746A46446D745646767A3257677248745A787550464858575A5839766F6A464F356F6466322D58514644686148344574327A444669736E58713743544F6A6A4B5678583950485267565A6241553D',NULL,NULL,'8778c92a08c8bcad6cdeffaadf5997055839e3b86cd78f769e51c08d2ecbde38','2026-11-26 14:24:46.999696','command line',NULL,NULL,NULL,0,0,0,480,168);
CREATE TABLE unstored_attributes (
	resource_type VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	last_at DATETIME NOT NULL, 
	CONSTRAINT pk_unstored_attributes PRIMARY KEY (resource_type, name)
);
INSERT INTO "unstored_attributes" VALUES('User','shoeSize','2026-11-26 14:24:39.170826');
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
INSERT INTO "users" VALUES('01a2183e-5963-7000-b8ba-2f53dfce5fbb','{"userName": "ada", "active": true}',1,'2026-11-26 14:24:29.027275','2026-11-26 14:24:29.027275','ada','ada',NULL,NULL,'ada',NULL,NULL,0,NULL,1,0,0,'administrator',1,'$argon2id$v=19$m=19456,t=2,p=1$rnsUcKbn8JjIVJw0LnUO4Q$SW/992KU0BBlFpRGW8+UN/Vt9Wuq5gUZLWSO2W0CLck','2026-11-26 14:24:29.027275','2026-11-26 14:24:39.502189','local',NULL,0,0,'2026-11-26 14:24:39.502189',0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-7f35-7000-87ef-15927f9ecbb3','{"userName": "otto@example.org", "externalId": "000000e1-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "otto@example.org", "primary": true}], "displayName": "Otto Visser", "title": "Head of News"}',2,'2026-11-26 14:24:38.709241','2026-11-26 14:24:51.229644','otto@example.org','otto@example.org','000000e1-1111-2222-3333-444444444444','Otto Visser','otto visser','otto@example.org','otto@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,'2026-11-26 14:24:47.253353','microsoft','000000e1-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-7f63-7000-b4d0-31ca42e892f5','{"userName": "jane@example.org", "externalId": "0000aaaa-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "jane@example.org", "primary": true}], "name": {"givenName": "Jane", "familyName": "Bakker", "formatted": "Jane Bakker"}, "displayName": "Jane Bakker", "preferredLanguage": "nl-NL", "phoneNumbers": [{"type": "work", "value": "+31 20 555 0100"}, {"type": "mobile", "value": "06-5550 101"}], "addresses": [{"type": "work", "streetAddress": "Kade 1", "locality": "Delft", "country": "NL", "postalCode": "2611 AA"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "News", "employeeNumber": "0042", "manager": {"value": "01a2183e-7f35-7000-87ef-15927f9ecbb3"}}}',1,'2026-11-26 14:24:38.755396','2026-11-26 14:24:38.755396','jane@example.org','jane@example.org','0000aaaa-1111-2222-3333-444444444444','Jane Bakker','jane bakker','jane@example.org','jane@example.org',0,'01a2183e-7f35-7000-87ef-15927f9ecbb3',1,1,0,'user',0,NULL,NULL,'2026-11-26 14:24:47.145082','microsoft','0000aaaa-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-7f72-7000-ba5a-63b357182e0c','{"userName": "maria@example.org", "externalId": "000000b2-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "maria@example.org", "primary": true}], "displayName": "Maria N\u00fa\u00f1ez"}',1,'2026-11-26 14:24:38.770369','2026-11-26 14:24:38.770369','maria@example.org','maria@example.org','000000b2-1111-2222-3333-444444444444','Maria Núñez','maria núñez','maria@example.org','maria@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b2-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-7f82-7000-a4a8-8b2eecf65a20','{"userName": "zo\u00eb@example.org", "externalId": "zoe", "active": true, "emails": [{"type": "work", "value": "zoe@example.org"}, {"type": "work", "value": "Z.DeBoer@Example.org"}, {"type": "home", "value": "z@example.net"}], "displayName": "Zo\u00eb O''Neil; \"Z\"\nde Boer"}',1,'2026-11-26 14:24:38.786300','2026-11-26 14:24:38.786300','zoë@example.org','zoë@example.org','zoe','Zoë O''Neil; "Z"
de Boer','zoë o''neil; "z"
de boer','zoe@example.org','zoe@example.org',1,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-7f8c-7000-9daa-545257100620','{"userName": "piet@example.org", "externalId": "000000b3-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "piet@example.org", "primary": true}], "displayName": "Piet de Wit"}',1,'2026-11-26 14:24:38.796881','2026-11-26 14:24:38.796881','piet@example.org','piet@example.org','000000b3-1111-2222-3333-444444444444','Piet de Wit','piet de wit','piet@example.org','piet@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,'2026-11-26 14:24:47.352455','microsoft','000000b3-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-7f94-7000-8840-32e02bc66d2d','{"userName": "kofi@example.org", "externalId": "000000B4-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "kofi@example.org", "primary": true}], "roles": [{"value": "Editor", "display": "Editor", "primary": true}]}',2,'2026-11-26 14:24:38.804730','2026-11-26 14:24:39.151656','kofi@example.org','kofi@example.org','000000B4-1111-2222-3333-444444444444',NULL,'kofi@example.org','kofi@example.org','kofi@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b4-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-7fa2-7000-9361-36367a968772','{"userName": "nora@example.org", "externalId": "000000b5-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "nora@example.org", "primary": true}], "displayName": "Nora Chief"}',1,'2026-11-26 14:24:38.818409','2026-11-26 14:24:38.818409','nora@example.org','nora@example.org','000000b5-1111-2222-3333-444444444444','Nora Chief','nora chief','nora@example.org','nora@example.org',0,NULL,1,1,0,'administrator',0,NULL,NULL,'2026-11-26 14:24:51.066157','microsoft','000000b5-1111-2222-3333-444444444444',1,0,NULL,1,'000000b5-1111-2222-3333-444444444444',NULL);
INSERT INTO "users" VALUES('01a2183e-7fae-7000-ad36-6d5324653c36','{"userName": "\u0430da@example.org", "externalId": "000000b6-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "ada@example.org", "primary": true}], "displayName": "A\u202eda"}',1,'2026-11-26 14:24:38.830150','2026-11-26 14:24:38.830150','аda@example.org','аda@example.org','000000b6-1111-2222-3333-444444444444','A‮da','a‮da','ada@example.org','ada@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b6-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-7fbc-7000-ad05-91771811ce1a','{"userName": "lea@example.org", "externalId": "000000b7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea@example.org", "primary": true}], "nickName": "Lea"}',1,'2026-11-26 14:24:38.844075','2026-11-26 14:24:38.844075','lea@example.org','lea@example.org','000000b7-1111-2222-3333-444444444444',NULL,'lea@example.org','lea@example.org','lea@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-7fc7-7000-93ae-53936f345278','{"userName": "lea.de.vries@example.org", "externalId": "000000B7-1111-2222-3333-444444444444", "active": true, "emails": [{"type": "work", "value": "lea.de.vries@example.org", "primary": true}], "nickName": "Lea 2"}',1,'2026-11-26 14:24:38.855715','2026-11-26 14:24:38.855715','lea.de.vries@example.org','lea.de.vries@example.org','000000B7-1111-2222-3333-444444444444',NULL,'lea.de.vries@example.org','lea.de.vries@example.org','lea.de.vries@example.org',0,NULL,1,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b7-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-8010-7000-be60-13d22d84924d','{"userName": "wim@example.org", "externalId": "000000b9-1111-2222-3333-444444444444", "active": false, "emails": [{"type": "work", "value": "wim@example.org", "primary": true}], "displayName": "Wim"}',2,'2026-11-26 14:24:38.928322','2026-11-26 14:24:39.171466','wim@example.org','wim@example.org','000000b9-1111-2222-3333-444444444444','Wim','wim','wim@example.org','wim@example.org',0,NULL,0,1,0,'user',0,NULL,NULL,NULL,NULL,'000000b9-1111-2222-3333-444444444444',0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-801d-7000-b44f-a389aac5eb18','{"userName": "no.object@example.org", "externalId": "someone", "active": true, "emails": [{"type": "work", "value": "no.object@example.org", "primary": true}], "displayName": "No Object"}',1,'2026-11-26 14:24:38.940993','2026-11-26 14:24:38.940993','no.object@example.org','no.object@example.org','someone','No Object','no object','no.object@example.org','no.object@example.org',0,NULL,1,1,1,'user',0,NULL,NULL,NULL,NULL,NULL,0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-8118-7000-9064-5b0219aa9565','{"userName": "linus", "active": true}',1,'2026-11-26 14:24:39.192910','2026-11-26 14:24:39.192910','linus','linus',NULL,NULL,'linus',NULL,NULL,0,NULL,1,0,0,'administrator',0,'$argon2id$v=19$m=19456,t=2,p=1$b3A5L1rLCdKf7mqg0oWy9g$LzBPTSIkIuG/6br279sZqczmG6kCleFBMh8fBgMMW3w','2026-11-26 14:24:39.192910','2026-11-26 14:24:58.411422','local',NULL,0,0,'2026-11-26 14:24:58.411422',0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-811b-7000-89d3-b9ab22c28c61','{"userName": "mallory", "active": true}',1,'2026-11-26 14:24:39.195787','2026-11-26 14:24:39.195787','mallory','mallory',NULL,NULL,'mallory',NULL,NULL,0,NULL,1,0,1,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$b3A5L1rLCdKf7mqg0oWy9g$LzBPTSIkIuG/6br279sZqczmG6kCleFBMh8fBgMMW3w','2026-11-26 14:24:39.195787',NULL,NULL,NULL,0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-8123-7000-9b28-9d40a0c64550','{"userName": "grace@elsewhere.example", "active": true}',1,'2026-11-26 14:24:39.203943','2026-11-26 14:24:39.203943','grace@elsewhere.example','grace@elsewhere.example',NULL,NULL,'grace@elsewhere.example',NULL,NULL,0,NULL,1,0,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$b3A5L1rLCdKf7mqg0oWy9g$LzBPTSIkIuG/6br279sZqczmG6kCleFBMh8fBgMMW3w','2026-11-26 14:24:39.203943',NULL,NULL,NULL,0,0,NULL,0,NULL,NULL);
INSERT INTO "users" VALUES('01a2183e-8127-7000-9945-b5153a336249','{"userName": "nadia@example.org", "active": true}',1,'2026-11-26 14:24:39.207674','2026-11-26 14:24:39.207674','nadia@example.org','nadia@example.org',NULL,NULL,'nadia@example.org',NULL,NULL,0,NULL,1,1,0,'user',0,'$argon2id$v=19$m=19456,t=2,p=1$b3A5L1rLCdKf7mqg0oWy9g$LzBPTSIkIuG/6br279sZqczmG6kCleFBMh8fBgMMW3w','2026-11-26 14:24:39.207674','2026-11-26 14:24:51.186895','local',NULL,0,1,'2026-11-26 14:24:51.186895',0,NULL,NULL);
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
CREATE INDEX ix_users_work_email_key ON users (work_email_key);
CREATE INDEX ix_users_provisioned ON users (is_provisioned, id);
CREATE INDEX ix_users_manager_id ON users (manager_id);
CREATE INDEX ix_users_administrators ON users (role) WHERE role = 'administrator';
CREATE INDEX ix_users_external_id ON users (external_id);
CREATE INDEX ix_users_object_id ON users (object_id, id);
CREATE INDEX ix_users_role_unseen ON users (is_role_unseen) WHERE is_role_unseen = 1;
COMMIT;
