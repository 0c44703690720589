-- A small schema in which much needs much, under names that want to be quoted.

CREATE EXTENSION citext;
CREATE SCHEMA "Odd ""schema""; --";
COMMENT ON SCHEMA "Odd ""schema""; --" IS 'it''s "odd"; \ and has
two lines';
GRANT USAGE ON SCHEMA "Odd ""schema""; --" TO planwright_reader;
CREATE SCHEMA "été";

CREATE TYPE mood AS ENUM ('sad', 'it''s "fine"', 'ok; --');
CREATE DOMAIN "été"."e-mail" AS citext CHECK (VALUE ~ '^[^@]+@[^@]+$');
CREATE TYPE "été".point3 AS (x double precision, y double precision, "Z z" double precision);
CREATE SEQUENCE public.ticket START 1000 INCREMENT 5 CACHE 7;

-- Two tables that reference each other, and one itself.
CREATE TABLE "Odd ""schema""; --"."order" (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10) PRIMARY KEY,
    "select" bigint,
    parent bigint REFERENCES "Odd ""schema""; --"."order",
    contact "été"."e-mail" DEFAULT 'a@b',
    felt mood NOT NULL DEFAULT 'ok; --',
    ticket integer DEFAULT nextval('public.ticket'),
    total numeric(10,2) CONSTRAINT "positive; --" CHECK (total > 0),
    doubled numeric GENERATED ALWAYS AS (total * 2) STORED
);
CREATE TABLE public.customer (
    id serial PRIMARY KEY,
    best bigint REFERENCES "Odd ""schema""; --"."order" DEFERRABLE INITIALLY DEFERRED,
    name text COLLATE "C" NOT NULL,
    at "été".point3,
    CONSTRAINT "one name" UNIQUE NULLS NOT DISTINCT (name)
) WITH (fillfactor = 70);
ALTER TABLE "Odd ""schema""; --"."order" ADD CONSTRAINT "to customer" FOREIGN KEY ("select")
    REFERENCES public.customer ON DELETE CASCADE NOT VALID;
COMMENT ON COLUMN public.customer.name IS 'who''s it; --';
ALTER TABLE public.customer ALTER COLUMN name SET STATISTICS 300;
CREATE INDEX "half; of" ON public.customer (lower(name) text_pattern_ops) INCLUDE (best) WHERE best IS NOT NULL;
CREATE STATISTICS public.both (dependencies) ON id, best FROM public.customer;
GRANT SELECT (name), UPDATE (name) ON public.customer TO planwright_reader;
GRANT INSERT ON public.customer TO "planwright ""odd"" ; role" WITH GRANT OPTION;

-- A function that a default calls and that reads the table of the default.
CREATE FUNCTION public.next_number(start integer DEFAULT 1) RETURNS integer LANGUAGE plpgsql AS $f$
DECLARE
    found integer;
BEGIN
    SELECT max(number) + 1 INTO found FROM public.bill; -- "; $$
    RETURN coalesce(found, start);
END $f$;
CREATE TABLE public.bill (number integer DEFAULT public.next_number(7) PRIMARY KEY, paid boolean);

-- SQL bodies are looked into when they are made; of two that call each other one is first.
CREATE FUNCTION public.unpaid() RETURNS SETOF public.bill LANGUAGE sql STABLE
    AS 'SELECT * FROM public.bill WHERE NOT paid';
CREATE FUNCTION public.is_known(n integer) RETURNS boolean LANGUAGE sql BEGIN ATOMIC
    SELECT EXISTS (SELECT 1 FROM public.bill b WHERE b.number = n);
END;
ALTER TABLE public.bill ADD CONSTRAINT known CHECK (number > 0 OR public.is_known(number));
CREATE PROCEDURE "été".close(INOUT n integer) LANGUAGE plpgsql AS 'BEGIN UPDATE public.bill SET paid = true; END';
CREATE AGGREGATE public.longest(text) (SFUNC = text_larger, STYPE = text);

-- A trigger whose function uses the type of its table, one that is disabled, and a rule.
CREATE FUNCTION public.audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    old_row public.customer%ROWTYPE;
BEGIN
    RETURN NEW;
END $$;
CREATE TRIGGER "audit; it" BEFORE UPDATE OF name ON public.customer
    FOR EACH ROW WHEN (old.name <> new.name) EXECUTE FUNCTION public.audit('a''b');
CREATE TRIGGER off AFTER INSERT ON public.customer FOR EACH STATEMENT EXECUTE FUNCTION public.audit();
ALTER TABLE public.customer DISABLE TRIGGER off;
CREATE RULE quiet AS ON DELETE TO public.bill WHERE old.paid DO INSTEAD NOTHING;

ALTER TABLE public.customer ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own; --" ON public.customer FOR SELECT TO planwright_reader
    USING (name = CURRENT_USER::text AND EXISTS (SELECT FROM public.bill));

-- Partitions over two levels, with keys, an index of their own and a default.
CREATE TABLE public.event (
    at date NOT NULL, kind text NOT NULL, payload jsonb,
    PRIMARY KEY (at, kind)
) PARTITION BY RANGE (at);
CREATE TABLE public.event_2024 PARTITION OF public.event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
    PARTITION BY LIST (kind);
CREATE TABLE public."event 2024; click" PARTITION OF public.event_2024 FOR VALUES IN ('click');
CREATE TABLE public.event_rest PARTITION OF public.event DEFAULT;
CREATE INDEX event_kind ON public.event (kind);
CREATE INDEX only_rest ON public.event_rest USING gin (payload);
CREATE TRIGGER every BEFORE INSERT ON public.event FOR EACH ROW EXECUTE FUNCTION public.audit();

-- Inheritance from two parents.
CREATE TABLE public.base (id integer NOT NULL, note text DEFAULT 'none');
CREATE TABLE public.stamped (stamp timestamptz DEFAULT now());
CREATE TABLE public.child (extra mood) INHERITS (public.base, public.stamped);
ALTER TABLE public.child ALTER COLUMN note SET DEFAULT 'child';

-- Views over views, one of them materialized, with an index; a view that a function needs.
CREATE VIEW public."v; 1" WITH (security_barrier) AS SELECT c.id, c.name, o.total
    FROM public.customer c LEFT JOIN "Odd ""schema""; --"."order" o ON o."select" = c.id;
CREATE MATERIALIZED VIEW public.sums AS SELECT name, sum(total) AS total FROM public."v; 1" GROUP BY name WITH NO DATA;
CREATE UNIQUE INDEX sums_name ON public.sums (name);
CREATE FUNCTION public.of_view(public."v; 1") RETURNS text LANGUAGE sql AS 'SELECT $1.name';
CREATE VIEW public.updatable AS SELECT * FROM public.bill WHERE paid WITH LOCAL CHECK OPTION;

-- What belongs to somebody else, and what is allowed from now on.
CREATE TABLE public.theirs (id integer PRIMARY KEY);
ALTER TABLE public.theirs OWNER TO planwright_writer;
GRANT SELECT ON public.theirs TO planwright_reader;
REVOKE EXECUTE ON FUNCTION public.audit() FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO planwright_reader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION public.guard() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER guard ON ddl_command_start WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION public.guard();
CREATE PUBLICATION feed FOR TABLE public.bill WHERE (paid), public.customer (id, name);
