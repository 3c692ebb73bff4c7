-- In the order of the transactions, once none that began before is still open: steps of who is or was a beneficiary of ours, and
-- what others reported. Both are numbered by one sequence.
select s.number, s.beneficiary_id, s.began, s.changed_at, s.changed_xid::text as changed_xid
from ((select t.number, t.enrolment_id as beneficiary_id,
              t.to_state = 'enrolled' and t.from_state in ('applied', 'waitlisted') as began, t.changed_at, t.changed_xid
       from enrolment_history t
       where (t.changed_xid, t.number) > (:xid::xid8, :number::bigint)
         and t.changed_xid < pg_snapshot_xmin(pg_current_snapshot())
         and t.to_state in ('enrolled', 'suspended', 'duplicate_held', 'exited')
         and exists (select from enrolment_history e
                      where e.enrolment_id = t.enrolment_id and e.to_state = 'enrolled')
       order by t.changed_xid, t.number
       limit :limit)
      union all
      (select r.number, r.reported_id, r.from_status is null and r.to_status = '1', r.reported_at, r.changed_xid
       from reported_enrolment_history r
       where (r.changed_xid, r.number) > (:xid::xid8, :number::bigint)
         and r.changed_xid < pg_snapshot_xmin(pg_current_snapshot())
       order by r.changed_xid, r.number
       limit :limit)) s
order by s.changed_xid, s.number
limit :limit
