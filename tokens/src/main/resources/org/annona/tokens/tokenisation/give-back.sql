-- People of a request from whom no answer came are due again; each of them counts as tried only where the seeder had them.
update tokenisation t
   set attempts = t.attempts + :counted,
       state = case when :due::timestamptz is null then 'failed'
                    when t.attempts + :counted >= :most_attempts then 'gave_up' else 'new' end,
       due_at = case when t.attempts + :counted >= :most_attempts then null else :due::timestamptz end,
       download = :download,
       most_together = case when :most_together::int is null then t.most_together else :most_together end,
       code = :code, message = :message, changed_at = :now
  from attempt a
 where a.request_id = :request and a.answered_at is null and t.id = a.tokenisation_id
   and t.request_id = :request and t.state = 'sent'
