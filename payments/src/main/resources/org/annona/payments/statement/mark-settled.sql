with settled as (
  update attempt a
     set state = 'settled', reason = '', settled_minor = l.amount_minor, changed_at = now()
    from statement_line l
   where l.statement_id = :statement and l.meaning = 'settlement' and l.attempt_id = a.id
  returning a.disbursement_id, a.amount_minor, a.reference
)
update disbursement d
   set state         = case when d.settled_minor + settled.amount_minor = d.amount_minor and d.returned_minor = 0
                            then 'paid' else 'returned' end,
       reason        = case when d.returned_minor = 0 then '' else d.reason end,
       reference     = settled.reference,
       settled_minor = d.settled_minor + settled.amount_minor
  from settled
 where d.id = settled.disbursement_id
