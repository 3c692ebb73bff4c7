update tokenisation t
   set state = s.state, due_at = s.due_at, code = s.code, message = s.message, changed_at = :now
  from unnest(:ids::uuid[], :states::text[], :dues::timestamptz[], :codes::text[], :messages::text[])
       as s(id, state, due_at, code, message)
 where t.id = s.id
