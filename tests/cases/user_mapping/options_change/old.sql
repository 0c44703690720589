CREATE FOREIGN DATA WRAPPER files;
CREATE SERVER disk FOREIGN DATA WRAPPER files;
CREATE USER MAPPING FOR planwright_reader SERVER disk OPTIONS ("user" 'a', password 'one');
