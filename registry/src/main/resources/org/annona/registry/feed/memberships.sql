select m.id, m.household_id, m.person_id, m.role, m.valid_from, m.valid_to, m.changed_xid::text
  from membership m
 where (m.changed_xid, m.id) > (:xid::xid8, :id::uuid)
   and m.changed_xid < pg_snapshot_xmin(pg_current_snapshot())
 order by m.changed_xid, m.id
 limit :limit
