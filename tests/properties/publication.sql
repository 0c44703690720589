--@ all_tables
create publication everything {{|for all tables}};

--@ publish
create publication publishes with (publish = 'insert{{|, update}}');

--@ via_root
create publication roots {{|with (publish_via_partition_root)}};

--@ generated_columns (since 18)
create publication computes {{|with (publish_generated_columns = stored)}};
