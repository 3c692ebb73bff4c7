with sent as (
  update attempt
     set state = 'sending', changed_at = now()
   where batch_id = :batch and state = :from
  returning disbursement_id, reference
)
update disbursement d
   set state     = 'in_flight',
       reason    = '',
       reference = sent.reference
  from sent
 where d.id = sent.disbursement_id
