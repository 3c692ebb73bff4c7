select distinct e.organisation_id, e.programme_code, e.cycle_code
  from statement_line l
  join attempt a on a.id = l.attempt_id
  join batch b on b.id = a.batch_id
  join envelope e on e.id = b.envelope_id
 where l.statement_id = :statement
