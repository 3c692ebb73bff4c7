-- The sources are statements, with their lines, or clearings of lines that waited in suspense.
with money as (
  select l.attempt_id, l.amount_minor
    from statement_line l
   where l.statement_id = any (:source::uuid[]) and l.meaning = 'settlement'
  union all
  select c.attempt_id, c.amount_minor
    from clearing c
   where c.id = any (:source::uuid[]) and c.kind = 'settlement'
),
settled as (
  update attempt a
     set state = 'settled', reason = '', settled_minor = money.amount_minor, changed_at = now()
    from money
   where a.id = money.attempt_id
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
