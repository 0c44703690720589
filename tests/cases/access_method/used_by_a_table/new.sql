CREATE ACCESS METHOD pile TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE stays (id int);
CREATE TABLE piled (id int) USING pile;
