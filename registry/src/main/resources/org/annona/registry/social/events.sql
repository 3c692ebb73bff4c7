-- In the order of the transactions, once none that began before is still open. The household of who was registered is the
-- one she belongs to now.
select e.number, e.event, e.person_id,
       coalesce(e.household_id,
                (select m.household_id from membership m
                  where m.person_id = e.person_id and m.valid_from <= :day
                    and (m.valid_to is null or m.valid_to > :day))) as household_id,
       e.at, e.changed_xid::text as changed_xid
from event e
where (e.changed_xid, e.number) > (:xid::xid8, :number::bigint)
  and e.changed_xid < pg_snapshot_xmin(pg_current_snapshot())
order by e.changed_xid, e.number
limit :limit
