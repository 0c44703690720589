CREATE TABLE article (board integer, sticky boolean, newest timestamptz, title text);
CREATE INDEX index_of_articles_that_are_sticky_on_their_board_the_newest ON article (board, sticky, newest DESC);
CREATE INDEX index_of_articles_that_are_sticky_on_their_board_the_newest_ttl ON article (board, sticky, title DESC);
