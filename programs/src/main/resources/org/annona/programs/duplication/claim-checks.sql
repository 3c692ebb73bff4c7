update duplication_check c
   set state = 'checking', result = 'not_checked', claimed_until = :until, attempts = c.attempts + 1,
       attempt_id = gen_random_uuid(), next_try_at = :until, asked_at = :now, changed_at = :now
 where c.id in (select id from duplication_check
                 where source_id = :source and next_try_at <= :now
                 order by next_try_at, id
                 limit :most
                   for update skip locked)
returning c.id, c.person_id, c.attempts, c.attempt_id
