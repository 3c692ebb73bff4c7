insert into disbursement (id, envelope_id, line_key, beneficiary, amount_minor, state)
select gen_random_uuid(), :envelope, n.line_key, n.beneficiary, n.amount_minor, 'received'
  from unnest(:key::text[], :beneficiary::uuid[], :amount::bigint[]) as n(line_key, beneficiary, amount_minor)
on conflict (envelope_id, line_key) do nothing
