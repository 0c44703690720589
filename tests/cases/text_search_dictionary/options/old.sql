create text search dictionary a (template = simple, stopwords = 'english', accept = false);
create text search dictionary b (template = snowball, language = english);
create text search dictionary c (template = simple);
