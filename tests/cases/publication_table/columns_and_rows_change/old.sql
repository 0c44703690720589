CREATE TABLE one (a int, b int PRIMARY KEY, "c ""d" text);
CREATE TABLE two (a int PRIMARY KEY);
CREATE PUBLICATION feed FOR TABLE one (b, "c ""d"), two;
