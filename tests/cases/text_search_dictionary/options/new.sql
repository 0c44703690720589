create text search dictionary a (template = simple, accept = true);
create text search dictionary b (template = snowball, language = 'german', stopwords = 'german');
create text search dictionary c (template = snowball, language = dutch);
comment on text search dictionary a is 'it''s';
