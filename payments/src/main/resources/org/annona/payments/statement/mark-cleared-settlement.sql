with settled as (
  update attempt a
     set state = 'settled', reason = '', settled_minor = :amount, changed_at = now()
   where a.id = :attempt
  returning a.disbursement_id, a.reference
)
update disbursement d
   set state         = case when d.settled_minor + :amount = d.amount_minor and d.returned_minor = 0
                            then 'paid' else 'returned' end,
       reason        = case when d.returned_minor = 0 then '' else d.reason end,
       reference     = settled.reference,
       settled_minor = d.settled_minor + :amount
  from settled
 where d.id = settled.disbursement_id
