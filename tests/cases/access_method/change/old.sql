create access method gist_old type index handler gisthandler;
create access method heap_old type table handler heap_tableam_handler;
