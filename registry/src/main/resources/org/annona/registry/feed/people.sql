select p.id, p.ref, p.status = 'active' as active, p.sex, p.birth_date, p.changed_xid::text
  from person p
 where (p.changed_xid, p.id) > (:xid::xid8, :id::uuid)
   and p.changed_xid < pg_snapshot_xmin(pg_current_snapshot())
 order by p.changed_xid, p.id
 limit :limit
