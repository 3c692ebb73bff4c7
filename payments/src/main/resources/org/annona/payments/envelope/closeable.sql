-- Everything is final, and the newest statement is so many days past the last settlement or rejection that nothing comes
-- back any more, and there was time to pay again.
select e.id, e.organisation_id
  from envelope e
 where e.state = 'dispatched'
   and not exists (select from disbursement d
                    where d.envelope_id = e.id and d.state in ('received', 'unresolved', 'ready', 'in_flight', 'unknown'))
   and (not exists (select from disbursement d where d.envelope_id = e.id and d.state not in ('cancelled', 'stopped'))
        or (select max(s.day) from statement s)
           >= greatest(
                (select max(l.booked_on)
                   from statement_line l
                   join attempt a on a.id = l.attempt_id
                   join batch b on b.id = a.batch_id
                  where b.envelope_id = e.id and l.meaning = 'settlement'),
                (select max(l.booked_on)
                   from clearing c
                   join statement_line l on l.statement_id = c.statement_id and l.number = c.line_number
                   join attempt a on a.id = c.attempt_id
                   join batch b on b.id = a.batch_id
                  where b.envelope_id = e.id and c.kind = 'settlement'),
                (select max(a.changed_at)::date
                   from attempt a
                   join batch b on b.id = a.batch_id
                  where b.envelope_id = e.id and a.state = 'rejected')) + :days)
