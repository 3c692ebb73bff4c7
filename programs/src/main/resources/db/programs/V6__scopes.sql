-- Who sees what. A programme, a source of duplicate checks, an exchange and a report belong to an organisation; what hangs from them
-- is seen by those who see them. The population has no organisation: programmes of all organisations choose from the same people.

alter table programme enable row level security;
create policy own_organisation on programme
  using (organisation_id = any ((select foundation.visible_organisations())::smallint[]));

alter table programme_version enable row level security;
create policy of_programme on programme_version
  using (exists (select from programme p where p.id = programme_id));
alter table approval_request enable row level security;
create policy of_programme on approval_request
  using (exists (select from programme p where p.id = programme_id));
alter table approval_vote enable row level security;
create policy of_request on approval_vote
  using (exists (select from approval_request r where r.id = request_id));

alter table assessment enable row level security;
create policy of_programme on assessment
  using (exists (select from programme p where p.id = programme_id));
alter table decision enable row level security;
create policy of_assessment on decision
  using (exists (select from assessment a where a.id = assessment_id));

alter table enrolment enable row level security;
create policy of_programme on enrolment
  using (exists (select from programme p where p.id = programme_id));
alter table enrolment_history enable row level security;
create policy of_enrolment on enrolment_history
  using (exists (select from enrolment e where e.id = enrolment_id));
alter table enrolment_end enable row level security;
create policy of_enrolment on enrolment_end
  using (exists (select from enrolment e where e.id = enrolment_id));

alter table cycle enable row level security;
create policy of_programme on cycle
  using (exists (select from programme p where p.id = programme_id));
alter table roster enable row level security;
create policy of_cycle on roster
  using (exists (select from cycle c where c.id = cycle_id));
alter table roster_member enable row level security;
create policy of_cycle on roster_member
  using (exists (select from cycle c where c.id = cycle_id));
alter table entitlement enable row level security;
create policy of_cycle on entitlement
  using (exists (select from cycle c where c.id = cycle_id));
alter table account_concern enable row level security;
create policy of_cycle on account_concern
  using (exists (select from cycle c where c.id = cycle_id));

alter table duplication_source enable row level security;
create policy own_organisation on duplication_source
  using (organisation_id = any ((select foundation.visible_organisations())::smallint[]));
alter table duplication_gate enable row level security;
create policy of_programme on duplication_gate
  using (exists (select from programme p where p.id = programme_id));
alter table duplication_check enable row level security;
create policy of_source on duplication_check
  using (exists (select from duplication_source s where s.id = source_id));
alter table duplication_attempt enable row level security;
create policy of_check on duplication_attempt
  using (exists (select from duplication_check c where c.id = check_id));

alter table reported_enrolment enable row level security;
create policy own_organisation on reported_enrolment
  using (organisation_id = any ((select foundation.visible_organisations())::smallint[]));
alter table reported_enrolment_history enable row level security;
create policy of_report on reported_enrolment_history
  using (exists (select from reported_enrolment r where r.id = reported_id));

alter table matching_exchange enable row level security;
create policy own_organisation on matching_exchange
  using (organisation_id = any ((select foundation.visible_organisations())::smallint[]));
alter table matching_entry enable row level security;
create policy of_exchange on matching_entry
  using (exists (select from matching_exchange e where e.id = exchange_id));
alter table matching_list enable row level security;
create policy of_source on matching_list
  using (exists (select from duplication_source s where s.id = source_id));
alter table matching_mark enable row level security;
create policy of_list on matching_mark
  using (exists (select from matching_list l where l.id = list_id));
