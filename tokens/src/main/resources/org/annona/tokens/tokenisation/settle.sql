-- Only who is still on the way is moved; an answer that comes after another one decided changes nothing.
update tokenisation t
   set state = s.state, due_at = s.due_at, attempts = s.attempts, code = s.code, message = s.message, changed_at = :now
  from unnest(:ids::uuid[], :states::text[], :dues::timestamptz[], :attempts::int[], :codes::text[], :messages::text[])
       as s(id, state, due_at, attempts, code, message)
 where t.id = s.id and t.state in ('new', 'sent', 'failed', 'gave_up')
   and (t.request_id = :request or s.state in ('tokenised', 'collision'))
