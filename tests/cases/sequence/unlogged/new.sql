create unlogged sequence a;
create sequence b increment by 2;
