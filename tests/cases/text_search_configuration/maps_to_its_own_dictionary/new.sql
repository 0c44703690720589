CREATE TEXT SEARCH DICTIONARY plain_words (TEMPLATE = pg_catalog.simple, STOPWORDS = english, ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION own (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION own ALTER MAPPING FOR asciiword, word WITH plain_words, english_stem;
ALTER TEXT SEARCH CONFIGURATION own DROP MAPPING FOR url;
CREATE TABLE doc (body text);
CREATE INDEX doc_body ON doc USING gin (to_tsvector('own', body));
