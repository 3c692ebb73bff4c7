update enrolment e
   set state      = 'enrolled',
       reason     = 'ELIGIBLE',
       changed_by = :actor,
       cause      = :cause,
       changed_at = :now
 where e.programme_id = :programme
   and e.subject_id = any (:households::uuid[])
   and e.state = 'applied'
