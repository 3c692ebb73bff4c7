-- Nothing of these messages is open any more, so nobody has to ask about them.
update batch b
   set state = 'answered', next_query_at = null, note = ''
 where b.state = 'unknown'
   and not exists (select from attempt a where a.batch_id = b.id and a.state in ('sending', 'unknown'))
