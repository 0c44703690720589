create text search template other (lexize = dsimple_lexize, init = dsimple_init);

--@ template
create text search dictionary templated (template = {{simple|other}});

--@ options
create text search dictionary optional (template = snowball, language = {{english|german}});

--@ options: one more
create text search dictionary more (template = simple{{|, accept = false}});
