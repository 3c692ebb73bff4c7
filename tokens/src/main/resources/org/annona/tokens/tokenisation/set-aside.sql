update tokenisation t
   set state = s.state, due_at = null, code = s.code, message = s.message, changed_at = :now
  from unnest(:ids::uuid[], :states::text[], :codes::text[], :messages::text[]) as s(id, state, code, message)
 where t.id = s.id
