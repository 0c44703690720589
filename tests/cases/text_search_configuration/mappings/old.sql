create text search dictionary names (template = simple, stopwords = 'english');
create text search configuration c (parser = "default");
alter text search configuration c add mapping for asciiword, word with names, english_stem;
alter text search configuration c add mapping for int, uint with simple;
create text search configuration p (copy = english);
create table t (body text);
create index on t using gin (to_tsvector('c', body));
