with rest as (
  update attempt a
     set state = 'unknown', reason = :reason, changed_at = now()
   where a.batch_id = :batch and a.state = 'sending'
  returning a.disbursement_id
)
update disbursement d
   set state = 'unknown', reason = :reason
  from rest
 where d.id = rest.disbursement_id
