CREATE TABLE parcel (region text, weight integer) PARTITION BY LIST (region);
CREATE TABLE parcel_north PARTITION OF parcel FOR VALUES IN ('north');
CREATE TABLE parcel_south PARTITION OF parcel FOR VALUES IN ('south');
ALTER TABLE parcel ADD CONSTRAINT weighs CHECK (weight > 0) NOT VALID;
COMMENT ON CONSTRAINT weighs ON parcel_south IS 'kilograms';
CREATE TABLE thing (name text);
CREATE TABLE hammer () INHERITS (thing);
ALTER TABLE hammer ADD CONSTRAINT named CHECK (name <> '') NOT VALID;
ALTER TABLE thing ADD CONSTRAINT named CHECK (name <> '') NOT VALID;
