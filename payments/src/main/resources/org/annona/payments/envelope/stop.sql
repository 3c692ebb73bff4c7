-- Not those of which the bytes leave at this moment.
with stopped as (
  update disbursement d
     set state = 'stopped', reason = n.reason, stopped_by = :by, stopped_at = now(), stop_note = :note
    from unnest(:id::uuid[], :reason::text[]) as n(id, reason)
   where d.id = n.id and d.state in ('received', 'unresolved', 'ready')
     and not exists (select from attempt a
                      where a.disbursement_id = d.id and a.state in ('prepared', 'sending', 'unknown', 'accepted'))
  returning d.amount_minor - d.settled_minor as minor
)
select count(*) as payments, coalesce(sum(minor), 0) as minor from stopped
