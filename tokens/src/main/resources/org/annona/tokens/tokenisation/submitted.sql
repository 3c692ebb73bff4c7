select t.id, t.identifier_id, t.state, t.code, t.due_at is not null as waits, t.request_id = :request as asked
  from tokenisation t
  join unnest(:people::uuid[], :identifiers::uuid[]) as c(person_id, identifier_id)
    on t.person_id = c.person_id and t.identifier_id = c.identifier_id
 where t.connector_id = :connector
