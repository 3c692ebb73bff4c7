update entitlement e
   set state = 'computed', reason = ''
  from account_concern c
 where c.cycle_id = :cycle and c.decision = 'accepted'
   and e.cycle_id = c.cycle_id and e.subject_id = c.subject_id and e.state = 'held'
