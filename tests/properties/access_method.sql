--@ handler
create access method handler type index handler {{bthandler|hashhandler}};
