-- VALIDATE would read all tables that have columns of it, and fails where a column holds its values inside others.
CREATE DOMAIN beneath AS integer CHECK (VALUE > 0);
CREATE DOMAIN above AS beneath;
CREATE DOMAIN listed AS integer CHECK (VALUE > 0);
CREATE DOMAIN required AS integer NOT NULL CHECK (VALUE > 0);
CREATE TABLE far_bigger (a beneath, b listed[]);
CREATE TABLE t (id bigint PRIMARY KEY, a above, b listed, c required DEFAULT 1);
