select seq, hash
  from foundation.append_audit(:chain, :actor, :action, :subject, :cause, :reason, :rows::bigint, :before::bytea,
                               :after::bytea, :detail::jsonb)
