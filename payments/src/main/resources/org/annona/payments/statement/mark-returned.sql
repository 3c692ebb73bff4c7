-- An attempt of which a part came back stays settled: it cannot be paid anew as long as the rest is with the beneficiary.
with money as (
  select l.attempt_id, sum(l.amount_minor) as amount, max(l.return_reason) as reason
    from statement_line l
   where l.statement_id = :statement and l.meaning = 'return'
   group by l.attempt_id
),
returned as (
  update attempt a
     set returned_minor = a.returned_minor + money.amount,
         reason         = money.reason,
         state          = case when a.returned_minor + money.amount = a.settled_minor then 'returned' else a.state end,
         changed_at     = now()
    from money
   where a.id = money.attempt_id
  returning a.disbursement_id, money.amount, a.reason
)
update disbursement d
   -- a payment that is on its way again stays so until its own outcome is known
   set state          = case when exists (select from attempt a
                                           where a.disbursement_id = d.id
                                             and a.state in ('prepared', 'sending', 'unknown', 'accepted'))
                             then d.state else 'returned' end,
       reason         = returned.reason,
       returned_minor = d.returned_minor + returned.amount
  from returned
 where d.id = returned.disbursement_id
