select seq, hash
  from foundation.append_audit(:chain, :actor, :action, :subject, :organisation, :cause, :reason, :rows::bigint, :before::bytea,
                               :after::bytea, :detail::jsonb)
