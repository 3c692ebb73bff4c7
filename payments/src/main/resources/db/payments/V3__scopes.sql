-- Who sees what. An envelope, money that was announced and accounts of the ledger for a programme belong to an organisation; what
-- hangs from them is seen by those who see them. The bank account, its statements and what nobody has explained yet belong to the
-- installation: who reads them is a matter of permission. A decision belongs to the organisation of those who asked for it.

alter table ledger_account enable row level security;
create policy own_organisation on ledger_account
  using (organisation_id is null or organisation_id = any ((select foundation.visible_organisations())::smallint[]));

-- What the bank holds for the funds of all organisations together, so that no release relies on money that is not there. Only the sum
-- is told.
create function held_for_funds() returns numeric language sql stable security definer set search_path = payments, pg_temp as $$
  select coalesce(sum(credits - debits), 0) from ledger_account where kind in ('FUND', 'OPENING', 'FEES')
$$;
revoke all on function held_for_funds from public;
grant execute on function held_for_funds to ${role};

alter table envelope enable row level security;
create policy own_organisation on envelope
  using (organisation_id = any ((select foundation.visible_organisations())::smallint[]));
alter table disbursement enable row level security;
create policy of_envelope on disbursement
  using (exists (select from envelope e where e.id = envelope_id));
alter table batch enable row level security;
create policy of_envelope on batch
  using (exists (select from envelope e where e.id = envelope_id));
alter table attempt enable row level security;
create policy of_disbursement on attempt
  using (exists (select from disbursement d where d.id = disbursement_id));

alter table funding enable row level security;
create policy own_organisation on funding
  using (organisation_id = any ((select foundation.visible_organisations())::smallint[]));
alter table decision enable row level security;
create policy own_organisation on decision
  using (organisation_id = any ((select foundation.visible_organisations())::smallint[]));
