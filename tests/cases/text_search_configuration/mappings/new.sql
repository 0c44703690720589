create text search dictionary "N" (template = snowball, language = 'german', stopwords = 'german');
create text search configuration c (parser = "default");
alter text search configuration c add mapping for asciiword with "N", english_stem;
alter text search configuration c add mapping for int, email with simple;
create schema s;
create text search configuration s.p (copy = german);
create table t (body text);
create index on t using gin (to_tsvector('c', body));
comment on text search configuration s.p is 'copied';
