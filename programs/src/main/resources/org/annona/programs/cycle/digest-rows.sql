-- States after the hand-over all mean that the row was payable; the digest must come out the same then.
select r.subject_id,
       r.payee_id::text as payee,
       concat_ws('|', r.enrolment_id, r.size, r.area_path, r.monthly_income_minor, r.exception) as facts,
       (select string_agg(concat_ws('|', m.person_id, m.role, m.sex, m.birth_date), ';' order by m.person_id)
          from roster_member m
         where m.cycle_id = r.cycle_id and m.subject_id = r.subject_id) as members,
       e.amount_minor::text as amount,
       e.counted::text as counted,
       e.account_version::text as account_version,
       encode(e.account_mark, 'hex') as account_mark,
       case when e.state in ('held', 'nil') then e.state else 'computed' end as payable_state
  from roster r
  join entitlement e on e.cycle_id = r.cycle_id and e.subject_id = r.subject_id
 where r.cycle_id = :cycle and r.subject_id > :after
 order by r.subject_id
 limit :limit
