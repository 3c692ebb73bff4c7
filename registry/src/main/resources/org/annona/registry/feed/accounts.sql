select a.id, a.person_id, a.scheme, a.provider, a.number_sealed, a.active, a.created_at, a.changed_xid::text
  from account a
 where (a.changed_xid, a.id) > (:xid::xid8, :id::uuid)
   and a.changed_xid < pg_snapshot_xmin(pg_current_snapshot())
 order by a.changed_xid, a.id
 limit :limit
