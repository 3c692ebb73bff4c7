-- Whoever is asked for is with the seeder now, by this request.
insert into tokenisation as t (id, connector_id, person_id, identifier_id, data_version, state, request_id, changed_at)
select c.id, :connector, c.person_id, c.identifier_id, c.data_version, 'sent', :request, :now
  from unnest(:ids::uuid[], :people::uuid[], :identifiers::uuid[], :versions::text[])
       as c(id, person_id, identifier_id, data_version)
on conflict (connector_id, person_id, identifier_id) do update
   set state = 'sent', due_at = null, request_id = excluded.request_id, data_version = excluded.data_version, code = '',
       message = '', changed_at = excluded.changed_at
 where t.state in ('new', 'failed', 'gave_up', 'left_out', 'sent') and t.request_id is distinct from excluded.request_id
