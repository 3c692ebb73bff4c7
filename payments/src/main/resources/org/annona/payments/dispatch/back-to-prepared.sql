with back as (
  update attempt a
     set state = 'prepared', changed_at = now()
   where a.batch_id = :batch and a.state = 'sending'
  returning a.disbursement_id
)
update disbursement d
   set state = 'ready', reference = ''
  from back
 where d.id = back.disbursement_id
