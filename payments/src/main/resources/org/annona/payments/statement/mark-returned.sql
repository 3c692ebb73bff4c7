-- An attempt of which a part came back stays settled: it cannot be paid anew as long as the rest is with the beneficiary.
-- The sources are statements, with their lines, or clearings of lines that waited in suspense.
with money as (
  select attempt_id, sum(amount_minor) as amount, max(return_reason) as reason
    from (select l.attempt_id, l.amount_minor, l.return_reason
            from statement_line l
           where l.statement_id = any (:source::uuid[]) and l.meaning = 'return'
          union all
          select c.attempt_id, c.amount_minor, l.return_reason
            from clearing c
            join statement_line l on l.statement_id = c.statement_id and l.number = c.line_number
           where c.id = any (:source::uuid[]) and c.kind = 'return') back
   group by attempt_id
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
