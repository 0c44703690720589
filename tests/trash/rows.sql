INSERT INTO kept VALUES (1);
INSERT INTO gone VALUES (1), (2);
INSERT INTO "o'dd ""name; --" (feels, felt, kept, gone, parent, note)
    VALUES ('glad', '{glad,sad}', 1, 2, NULL, 'one'), ('sad', '{}', 1, 1, 1, 'two'), (NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO inbound VALUES (1, 2);
INSERT INTO "ééééééééééééééééééééééééééééééa" VALUES (7);
INSERT INTO tree VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e');
INSERT INTO stays VALUES (1), (11);
INSERT INTO heir VALUES (1, 2);
