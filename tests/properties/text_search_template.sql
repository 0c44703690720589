create function begins(internal) returns internal language internal strict as 'dsimple_init';
create function lexes(internal, internal, internal, internal) returns internal language internal strict as 'dsimple_lexize';

--@ init
create text search template begun (init = {{dsimple_init|begins}}, lexize = dsimple_lexize);

--@ lexize
create text search template lexed (init = dsimple_init, lexize = {{dsimple_lexize|lexes}});
