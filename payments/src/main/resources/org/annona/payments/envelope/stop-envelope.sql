-- As stop.sql, all of an envelope.
with stopped as (
  update disbursement d
     set state = 'stopped', reason = 'STOPPED', stopped_by = :by, stopped_at = now(), stop_note = :note
   where d.envelope_id = :envelope and d.state in ('received', 'unresolved', 'ready')
     and not exists (select from attempt a
                      where a.disbursement_id = d.id and a.state in ('prepared', 'sending', 'unknown', 'accepted'))
  returning d.amount_minor - d.settled_minor as minor
)
select count(*) as payments, coalesce(sum(minor), 0) as minor from stopped
