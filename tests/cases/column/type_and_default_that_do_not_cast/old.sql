CREATE TABLE item (flag text DEFAULT 'maybe', moment text DEFAULT 'soon');
