create function starts(internal, integer) returns internal language internal strict as 'prsd_start';
create function gets(internal, internal, internal) returns internal language internal strict as 'prsd_nexttoken';
create function ends(internal) returns void language internal strict as 'prsd_end';
create function types(internal) returns internal language internal strict as 'prsd_lextype';

--@ start
create text search parser started (start = {{prsd_start|starts}}, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);

--@ get_token
create text search parser got (start = prsd_start, gettoken = {{prsd_nexttoken|gets}}, end = prsd_end, lextypes = prsd_lextype);

--@ end
create text search parser ended (start = prsd_start, gettoken = prsd_nexttoken, end = {{prsd_end|ends}}, lextypes = prsd_lextype);

--@ token_types
create text search parser typed (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = {{prsd_lextype|types}});

--@ headline
create text search parser headed (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype{{|, headline = prsd_headline}});
