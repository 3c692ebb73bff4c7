-- A message takes effect once: what it asks is kept only where its id is new.
with first as (
  insert into received_message (partner_id, message_hash, at)
  values (:partner, :message_hash, :now)
  on conflict do nothing
  returning 1
)
insert into transaction (
  id, partner_id, registry, action, transaction_id, correlation_id, reference_keys, reply_to, encrypted, request_sealed,
  answer_sealed, rules_key, state, received_at, next_try_at, finished_at)
select :id, :partner, :registry, :action, :transaction_id, :correlation_id, :reference_keys::bigint[], :reply_to::text,
       :encrypted::boolean, :request::bytea, :answer::bytea, :rules_key::bigint, :state::text, :now, :now,
       case when :answer::bytea is null then null else :now end
from first
