--@ default
create {{|default}} conversion defaulted for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;

--@ from
create conversion source for '{{LATIN2|LATIN3}}' to 'UTF8' from iso8859_to_utf8;

--@ to
create conversion target for 'UTF8' to '{{LATIN2|LATIN3}}' from utf8_to_iso8859;

--@ function (since 14)
create function other(integer, integer, cstring, internal, integer, boolean) returns integer language c strict as '$libdir/utf8_and_iso8859_1', 'iso8859_1_to_utf8';
create conversion made for 'LATIN1' to 'UTF8' from {{iso8859_1_to_utf8|other}};
