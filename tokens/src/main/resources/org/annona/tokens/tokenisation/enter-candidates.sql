-- Whoever is new stands in the queue at once; whoever waited for a change of her data comes back when there was one.
insert into tokenisation as t (id, connector_id, person_id, identifier_id, data_version, state, due_at)
select c.id, :connector, c.person_id, c.identifier_id, c.data_version, 'new', :now
  from unnest(:ids::uuid[], :people::uuid[], :identifiers::uuid[], :versions::text[])
       as c(id, person_id, identifier_id, data_version)
on conflict (connector_id, person_id, identifier_id) do update
   set state = 'new', due_at = excluded.due_at, data_version = excluded.data_version, attempts = 0, most_together = 1000,
       code = '', message = '', changed_at = excluded.due_at
 where t.state = 'left_out'
    or t.state = 'failed' and t.code = 'LOCAL-CONSENT'
    or t.state in ('failed', 'gave_up') and t.due_at is null and t.data_version <> excluded.data_version
