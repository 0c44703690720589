CREATE DOMAIN beneath AS integer CHECK (VALUE > 0);
CREATE DOMAIN above AS beneath;
CREATE DOMAIN listed AS integer CHECK (VALUE > 0);
CREATE DOMAIN required AS integer NOT NULL CHECK (VALUE > 0);
CREATE TABLE far_bigger (a beneath, b listed[]);
CREATE TABLE t (id bigint PRIMARY KEY);
