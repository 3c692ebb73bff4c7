update entitlement e
   set state = 'held', reason = 'ACCOUNT_' || upper(c.kind)
  from account_concern c
 where c.cycle_id = :cycle and e.cycle_id = c.cycle_id and e.subject_id = c.subject_id and e.state = 'computed'
