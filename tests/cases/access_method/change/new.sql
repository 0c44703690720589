create access method "Gist 2" type index handler gisthandler;
create access method heap_old type index handler bthandler;
create access method heap2 type table handler heap_tableam_handler;
create table t (a int) using heap2;
