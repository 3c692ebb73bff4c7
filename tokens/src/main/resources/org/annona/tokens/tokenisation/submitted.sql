select t.id, t.person_id, t.identifier_id, t.state = 'sent' and t.request_id = :request as asked
  from tokenisation t
  join unnest(:people::uuid[], :identifiers::uuid[]) as c(person_id, identifier_id)
    on t.person_id = c.person_id and t.identifier_id = c.identifier_id
 where t.connector_id = :connector
