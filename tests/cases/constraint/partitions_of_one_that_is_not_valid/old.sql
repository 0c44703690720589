-- A partition that is made after it is no exception; those that are there before are.
CREATE TABLE parcel (region text, weight integer) PARTITION BY LIST (region);
CREATE TABLE parcel_north PARTITION OF parcel FOR VALUES IN ('north');
ALTER TABLE parcel ADD CONSTRAINT weighs CHECK (weight > 0) NOT VALID;
CREATE TABLE parcel_south PARTITION OF parcel FOR VALUES IN ('south');
COMMENT ON CONSTRAINT weighs ON parcel_south IS 'kilograms';
CREATE TABLE thing (name text);
ALTER TABLE thing ADD CONSTRAINT named CHECK (name <> '') NOT VALID;
CREATE TABLE hammer (CONSTRAINT named CHECK (name <> '')) INHERITS (thing);
