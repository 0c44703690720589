CREATE TABLE item (flag boolean DEFAULT true, moment timestamptz(3) DEFAULT now());
