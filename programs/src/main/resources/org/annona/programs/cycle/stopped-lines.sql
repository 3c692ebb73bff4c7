-- Households of a cycle that may not be paid any more, with the reason.
select l.line_key,
       case
         when p.state <> 'active' then 'PROGRAMME_SUSPENDED'
         when e.state in ('suspended', 'duplicate_held') then upper(e.state)
         when e.id is null then 'EXITED'
         when not h.active then upper(h.kind) || '_INACTIVE'
         when not payee.active then 'PAYEE_INACTIVE'
       end as reason
  from unnest(:line::text[]) as l(line_key)
  join entitlement t on t.cycle_id = :cycle and t.subject_id = l.line_key::uuid
  join cycle c on c.id = t.cycle_id
  join programme p on p.id = c.programme_id
  left join enrolment e on e.programme_id = p.id and e.subject_id = t.subject_id and e.state in ('enrolled', 'suspended', 'duplicate_held')
  left join subject h on h.id = t.subject_id
  left join person payee on payee.id = t.payee_id
 where p.state <> 'active' or e.id is null or e.state <> 'enrolled' or not h.active or not payee.active
