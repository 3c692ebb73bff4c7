insert into disbursement (id, envelope_id, line_key, beneficiary, amount_minor, account_version, state)
select gen_random_uuid(), :envelope, n.line_key, n.beneficiary, n.amount_minor, n.account_version, 'received'
  from unnest(:key::text[], :beneficiary::uuid[], :amount::bigint[], :version::int[])
         as n(line_key, beneficiary, amount_minor, account_version)
on conflict (envelope_id, line_key) do nothing
