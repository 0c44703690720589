CREATE TEXT SEARCH TEMPLATE own (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY plain_words (TEMPLATE = own);
CREATE TABLE stays (id int);
