--@ connection
create subscription connects connection 'host={{a|b}} user=u' publication p with (connect = false, slot_name = none);

--@ publications
create subscription publishes connection 'host=a' publication {{p|q}} with (connect = false, slot_name = none);

--@ slot
create subscription slots connection 'host=a' publication p with (connect = false, slot_name = {{none|here}});

--@ synchronous_commit
create subscription commits connection 'host=a' publication p with (connect = false, slot_name = none{{|, synchronous_commit = local}});

--@ binary (since 14)
create subscription binary_one connection 'host=a' publication p with (connect = false, slot_name = none{{|, binary}});

--@ streaming (since 14)
create subscription streams connection 'host=a' publication p with (connect = false, slot_name = none, streaming = {{off|on}});

--@ two_phase (since 15)
create subscription phases connection 'host=a' publication p with (connect = false, slot_name = none{{|, two_phase}});

--@ disable_on_error (since 15)
create subscription errs connection 'host=a' publication p with (connect = false, slot_name = none{{|, disable_on_error}});

--@ password_optional (since 16)
create subscription passes connection 'host=a' publication p with (connect = false, slot_name = none{{|, password_required = false}});

--@ run_as_owner (since 16)
create subscription runs connection 'host=a' publication p with (connect = false, slot_name = none{{|, run_as_owner}});

--@ origin (since 16)
create subscription origins connection 'host=a' publication p with (connect = false, slot_name = none{{|, origin = none}});

--@ failover (since 17)
create subscription fails connection 'host=a' publication p with (connect = false, slot_name = none{{|, failover}});
