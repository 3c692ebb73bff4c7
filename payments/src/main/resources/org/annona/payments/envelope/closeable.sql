-- Everything is final, and the newest statement is so many days past the last settlement that nothing comes back any more.
select e.id
  from envelope e
 where e.state = 'dispatched'
   and not exists (select from disbursement d
                    where d.envelope_id = e.id and d.state in ('received', 'parked', 'ready', 'in_flight', 'unknown'))
   and coalesce(
         (select max(s.day) from statement s)
         >= (select max(l.booked_on)
               from statement_line l
               join attempt a on a.id = l.attempt_id
               join batch b on b.id = a.batch_id
              where b.envelope_id = e.id and l.meaning = 'settlement') + :days,
         not exists (select from disbursement d where d.envelope_id = e.id and d.state in ('paid', 'returned')))
