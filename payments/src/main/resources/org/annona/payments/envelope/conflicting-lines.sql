select n.line_key
  from unnest(:key::text[], :beneficiary::uuid[], :amount::bigint[], :version::int[])
         as n(line_key, beneficiary, amount_minor, account_version)
  left join disbursement d on d.envelope_id = :envelope and d.line_key = n.line_key
  left join envelope e on e.id = d.envelope_id
 -- Two people may accept another version later; a delivery that is repeated then is still the same.
 where d.id is null or d.beneficiary <> n.beneficiary or d.amount_minor <> n.amount_minor
    or e.state = 'receiving' and d.account_version <> n.account_version
 limit 1
