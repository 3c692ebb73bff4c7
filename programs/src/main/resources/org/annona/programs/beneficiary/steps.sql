-- In the order of the transactions, once none that began before is still open. Only steps of who is or was a beneficiary.
select t.number, t.enrolment_id, t.from_state, t.to_state, t.changed_at, t.changed_xid::text as changed_xid
from enrolment_history t
where (t.changed_xid, t.number) > (:xid::xid8, :number::bigint)
  and t.changed_xid < pg_snapshot_xmin(pg_current_snapshot())
  and t.to_state in ('enrolled', 'suspended', 'duplicate_held', 'exited')
  and exists (select from enrolment_history e
               where e.enrolment_id = t.enrolment_id and e.to_state = 'enrolled')
order by t.changed_xid, t.number
limit :limit
