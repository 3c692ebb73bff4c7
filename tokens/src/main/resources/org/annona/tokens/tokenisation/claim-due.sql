-- The next people who are due, together with the first of them: as many as she may stand with in one message.
select id, person_id, identifier_id, attempts
  from tokenisation
 where connector_id = :connector and due_at <= :now and most_together >= :most and download = :download
 order by due_at, id
 limit :most
   for update skip locked
