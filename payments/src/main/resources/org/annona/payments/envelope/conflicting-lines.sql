select n.line_key
  from unnest(:key::text[], :beneficiary::uuid[], :amount::bigint[], :version::int[])
         as n(line_key, beneficiary, amount_minor, account_version)
  left join disbursement d on d.envelope_id = :envelope and d.line_key = n.line_key
 where d.id is null or d.beneficiary <> n.beneficiary or d.amount_minor <> n.amount_minor
 limit 1
