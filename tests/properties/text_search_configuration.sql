create text search parser other (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);

--@ parser
create text search configuration parsed (parser = {{"default"|other}});

--@ mappings
create text search configuration mapped (parser = "default");
alter text search configuration mapped add mapping for asciiword with {{simple|english_stem}};

--@ mappings: order
create text search configuration ordered (parser = "default");
alter text search configuration ordered add mapping for asciiword with {{simple, english_stem|english_stem, simple}};
