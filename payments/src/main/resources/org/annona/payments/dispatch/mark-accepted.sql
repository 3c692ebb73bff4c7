with heard as (
  update attempt a
     set state = 'accepted', reason = '', changed_at = now()
   where a.batch_id = :batch and a.reference = any (:reference::text[]) and a.state in ('sending', 'unknown')
  returning a.disbursement_id
)
update disbursement d
   set state = 'in_flight', reason = ''
  from heard
 where d.id = heard.disbursement_id
