create text search template t (init = dsimple_init, lexize = dsimple_lexize);
create text search dictionary d (template = t);
create text search template "T 2" (lexize = dsimple_lexize);
