update tokenisation t
   set state = 'sent', due_at = null, request_id = :request, data_version = s.data_version, code = '', message = '',
       changed_at = :now
  from unnest(:ids::uuid[], :versions::text[]) as s(id, data_version)
 where t.id = s.id
