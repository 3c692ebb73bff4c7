select foundation.append_audit(
         :chain, :actor, :action, :subject, :cause, :rows::bigint, :before::bytea, :after::bytea, :detail::jsonb)
