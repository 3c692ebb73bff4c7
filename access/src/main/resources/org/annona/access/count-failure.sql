-- One more than the most means: there were others, which are not in the audit trail one by one.
insert into login_failure_hour as h (hour, failures, audited)
values (:hour::timestamptz, 1, :wanted::int)
on conflict (hour) do update
   set failures = h.failures + 1,
       audited  = least(h.audited + :wanted::int, :most + 1)
returning audited
