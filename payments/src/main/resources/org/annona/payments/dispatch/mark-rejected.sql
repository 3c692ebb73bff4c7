with heard as (
  update attempt a
     set state = 'rejected', reason = n.reason, changed_at = now()
    from unnest(:reference::text[], :reason::text[]) as n(reference, reason)
   where a.batch_id = :batch and a.reference = n.reference and a.state in ('sending', 'unknown', 'accepted')
  returning a.disbursement_id, a.reason
)
update disbursement d
   set state = 'rejected', reason = heard.reason
  from heard
 where d.id = heard.disbursement_id
